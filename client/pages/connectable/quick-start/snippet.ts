import type { Kind } from '../operations.ts';

/** A way to begin in one tongue. Each runs as printed, which the tests see to. */
export interface Snippet {
  name: string;
  /** What it does and needs, before the code. */
  lead: string;
  code: string;
  /** What to type into it once it runs. */
  then?: { lead: string; code: string };
}

/** @param origin where the dashboard is: `http://localhost:4000` */
export const door = (origin: string, kind: Kind): string => `${origin.replace(/^http/, 'ws')}/v1/ws/${kind}`;
