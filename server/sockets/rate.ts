import type { Clock } from '../clock.ts';

/** Counts within fixed windows: exact enough for cutting off a peer that misbehaves. */
export class WindowCounter {
  private readonly clock: Clock;
  private readonly windowMs: number;
  private readonly most: number;
  private startedAt = 0;
  private count = 0;
  /** By how much the window is longer than others, ms. */
  private extraMs = 0;

  /** @param most occurrences allowed in `windowMs` ms */
  constructor(clock: Clock, windowMs: number, most: number) {
    this.clock = clock;
    this.windowMs = windowMs;
    this.most = most;
  }

  /** Counts one more; true when that is one too many. */
  exceeded(): boolean {
    this.roll(0);
    this.count += 1;
    return this.count > this.most * (1 + this.extraMs / this.windowMs);
  }

  /** What comes from now on may have been under way for so long, ms: the window is so much longer, and allows as much more. */
  extend(ms: number): void {
    this.roll(ms);
    this.extraMs += ms;
  }

  /** Begins a new window, `ms` ago, if the last one was over by then. */
  private roll(ms: number): void {
    const since = this.clock.monotonic() - ms;
    if (since - this.startedAt < this.windowMs + this.extraMs) return;
    this.startedAt = since;
    this.extraMs = 0;
    this.count = 0;
  }
}
