/** `2300ms`; a dash while there is none. */
export const latency = (ms: number | null | undefined): string => (ms == null ? '–' : `${Math.round(ms)}ms`);

/** A pause between two steps: `340ms`, `2.3s`, `4m 10s`. */
export function pause(ms: number | null): string {
  if (ms === null) return '–';
  // What is rounded up to a whole unit belongs to the next one.
  if (ms < 999.5) return `${Math.round(ms)}ms`;
  if (ms < 59_500) return `${(ms / 1_000).toFixed(ms < 9_950 ? 1 : 0)}s`;
  const seconds = Math.round(ms / 1_000);
  return `${Math.floor(seconds / 60)}m ${seconds % 60}s`;
}

// Made once: `toLocaleString` makes such a thing for every number.
const whole = new Intl.NumberFormat('en-US');

/** `12,480`. */
export const count = (n: number): string => whole.format(n);

/** `99.2%`, never rounded up to a perfect 100. */
export function percent(share: number): string {
  const shown = Math.floor(share * 1_000) / 10;
  return `${Number.isInteger(shown) ? shown : shown.toFixed(1)}%`;
}

/** `312 B`, `4.1 kB`. */
export const bytes = (n: number): string => (n < 1_000 ? `${n} B` : `${(n / 1_000).toFixed(1)} kB`);
