const MINUTE_MS = 60_000;

interface Step {
  at: string;
}

/**
 * The minutes that each step counts over. The last step is still going on, so it counts to `now`: otherwise every
 * chart would seem to fall at its end.
 */
export function stepMinutes(points: Step[], to: string, now: number): number[] {
  return points.map((point, index) => {
    const from = Date.parse(point.at);
    const end = Date.parse(points[index + 1]?.at ?? to);
    const last = index === points.length - 1;
    return Math.max(1, ((last ? Math.min(end, now) : end) - from) / MINUTE_MS);
  });
}

const upTo = (maximumFractionDigits: number): Intl.NumberFormat =>
  new Intl.NumberFormat('en-US', { maximumFractionDigits });
const formats = [upTo(0), upTo(1), upTo(2)] as const;

/** A number of events per minute, as short as it can be told: `0.04`, `2.5`, `1,250`. */
export function rate(perMinute: number): string {
  const digits = perMinute === 0 || perMinute >= 10 ? 0 : perMinute >= 1 ? 1 : 2;
  return formats[digits].format(perMinute);
}
