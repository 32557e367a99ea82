const pad = (n: number, width = 2): string => String(n).padStart(width, '0');

const parts = (at: Date) => ({
  date: `${at.getUTCFullYear()}-${pad(at.getUTCMonth() + 1)}-${pad(at.getUTCDate())}`,
  minute: `${pad(at.getUTCHours())}:${pad(at.getUTCMinutes())}`,
  second: `${pad(at.getUTCSeconds())}`,
  ms: pad(at.getUTCMilliseconds(), 3),
});

/** `2026-04-05 14:32`, in UTC. */
export function minute(iso: string): string {
  const p = parts(new Date(iso));
  return `${p.date} ${p.minute}`;
}

/** A mark on the axis of a time of `spanMs`: `14:32` within a day, else `04-05 14:32`, in UTC. */
export const tick = (iso: string, spanMs: number): string => minute(iso).slice(spanMs < 86_400_000 ? 11 : 5);

/** `2026-04-05 14:32 UTC`. */
export const minuteUtc = (iso: string): string => `${minute(iso)} UTC`;

/** `2026-04-05 14:32:07.123 UTC`. */
export function exactUtc(iso: string): string {
  const p = parts(new Date(iso));
  return `${p.date} ${p.minute}:${p.second}.${p.ms} UTC`;
}

/** `14:32:07.123`, in UTC. */
export function clockUtc(iso: string): string {
  const p = parts(new Date(iso));
  return `${p.minute}:${p.second}.${p.ms}`;
}

const steps: [limit: number, size: number, unit: string][] = [
  [60, 1, 's'],
  [3_600, 60, 'm'],
  [86_400, 3_600, 'h'],
  [Infinity, 86_400, 'd'],
];

/** A length of time in its largest unit: `45s`, `12m`, `3h`, `9d`. */
export function span(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1_000));
  const [, size, unit] = steps.find(([limit]) => seconds < limit) ?? [0, 86_400, 'd'];
  return `${Math.floor(seconds / size)}${unit}`;
}

/** A length of time to the second, as it was set: `1m 30s`, `1h`, `1d 12h`. */
export function exactly(seconds: number): string {
  const [d, h] = [Math.floor(seconds / 86_400), Math.floor((seconds % 86_400) / 3_600)];
  const [m, s] = [Math.floor((seconds % 3_600) / 60), seconds % 60];
  const shown = [d && `${d}d`, h && `${h}h`, m && `${m}m`, s && `${s}s`].filter(Boolean);
  return shown.join(' ') || '0s';
}

/** `just now`, `12m ago`, `in 3h`. Times a little ahead of this machine's clock count as now. */
export function relative(iso: string, now: number): string {
  const past = now - new Date(iso).getTime();
  if (Math.abs(past) < 5_000) return 'just now';
  return past > 0 ? `${span(past)} ago` : `in ${span(-past)}`;
}

/** `59:03` or `1:02:03`, never below zero. */
export function countdown(iso: string, now: number): string {
  const left = Math.max(0, Math.ceil((new Date(iso).getTime() - now) / 1_000));
  const [h, m, s] = [Math.floor(left / 3_600), Math.floor((left % 3_600) / 60), left % 60];
  return h > 0 ? `${h}:${pad(m)}:${pad(s)}` : `${m}:${pad(s)}`;
}
