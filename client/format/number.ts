/** `2300ms`; a dash while there is none. */
export const latency = (ms: number | null | undefined): string => (ms == null ? '–' : `${Math.round(ms)}ms`);

/** A pause between two steps: `340ms`, `2.3s`, `4m 10s`. */
export function pause(ms: number | null): string {
  if (ms === null) return '–';
  if (ms < 1_000) return `${Math.round(ms)}ms`;
  if (ms < 60_000) return `${(ms / 1_000).toFixed(ms < 10_000 ? 1 : 0)}s`;
  return `${Math.floor(ms / 60_000)}m ${Math.round((ms % 60_000) / 1_000)}s`;
}

/** `12,480`. */
export const count = (n: number): string => n.toLocaleString('en-US');

/** `99.2%`, never rounded up to a perfect 100. */
export function percent(share: number): string {
  const shown = Math.floor(share * 1_000) / 10;
  return `${Number.isInteger(shown) ? shown : shown.toFixed(1)}%`;
}

/** `312 B`, `4.1 kB`. */
export const bytes = (n: number): string => (n < 1_000 ? `${n} B` : `${(n / 1_000).toFixed(1)} kB`);
