import type { Clock } from '../clock.ts';

/** Counts within fixed windows: exact enough for cutting off a peer that misbehaves. */
export class WindowCounter {
  private readonly clock: Clock;
  private readonly windowMs: number;
  private readonly most: number;
  private startedAt = 0;
  private count = 0;

  /** @param most occurrences allowed in `windowMs` ms */
  constructor(clock: Clock, windowMs: number, most: number) {
    this.clock = clock;
    this.windowMs = windowMs;
    this.most = most;
  }

  /** Counts one more; true when that is one too many. */
  exceeded(): boolean {
    const now = this.clock.monotonic();
    if (now - this.startedAt >= this.windowMs) {
      this.startedAt = now;
      this.count = 0;
    }
    this.count += 1;
    return this.count > this.most;
  }
}
