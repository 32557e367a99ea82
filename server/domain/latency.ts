/**
 * Upper bounds of the latency buckets, milliseconds, the last one open. Finer between a tenth of a second and five
 * seconds, where most answers fall. Rollups store counts by position, so an entry is never inserted or removed.
 */
export const latencyBounds: readonly number[] = [
  1,
  2,
  5,
  10,
  20,
  50,
  100,
  200,
  350,
  500,
  750,
  1_000,
  1_500,
  2_000,
  3_500,
  5_000,
  10_000,
  20_000,
  60_000,
  120_000,
  300_000,
  900_000,
  3_600_000,
  Infinity,
];

/** The position of the bucket that holds a latency of `ms` milliseconds. */
export function bucketOf(ms: number): number {
  const position = latencyBounds.findIndex((bound) => ms <= bound);
  return position === -1 ? latencyBounds.length - 1 : position;
}

/**
 * The latency, in milliseconds, below which the share `q` (0–1) of the counted answers fell; null when none were
 * counted. Linear within a bucket; the open last bucket answers with its lower bound.
 */
export function percentile(counts: readonly number[], q: number): number | null {
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total === 0) return null;
  let left = q * total;
  for (const [position, count] of counts.entries()) {
    if (count === 0 || left > count) {
      left -= count;
      continue;
    }
    const lower = position === 0 ? 0 : latencyBounds[position - 1]!;
    const upper = latencyBounds[position]!;
    return upper === Infinity ? lower : Math.round(lower + (upper - lower) * (left / count));
  }
  return latencyBounds.at(-2)!;
}
