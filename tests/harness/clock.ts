import { systemClock } from '../../server/clock.ts';
import type { Clock, Timer } from '../../server/clock.ts';

interface Due {
  at: number;
  run: () => void;
  every: number | null;
  real: Timer;
}

/**
 * A clock tests move. Real time flows underneath, so ordinary waits behave as usual; `advance` adds to both clocks and
 * fires what becomes due, `jump` moves only the wall clock, as an administrator or a bad time server would.
 */
export class TestClock implements Clock {
  private wallOffset = 0;
  private monotonicOffset = 0;
  private standing: number | null = null;
  private stoppedAt: number | null = null;
  private readonly timers = new Set<Due>();

  now(): number {
    return this.standing ?? Date.now() + this.wallOffset;
  }

  monotonic(): number {
    return this.stoppedAt ?? performance.now() + this.monotonicOffset;
  }

  after(ms: number, run: () => void): Timer {
    return this.arm({ at: this.monotonic() + ms, run, every: null });
  }

  every(ms: number, run: () => void): Timer {
    return this.arm({ at: this.monotonic() + ms, run, every: ms });
  }

  /** Moves both clocks forward. Timers due by then fire in order, a repeating one once. */
  advance(ms: number): void {
    this.wallOffset += ms;
    if (this.stoppedAt === null) this.monotonicOffset += ms;
    else this.stoppedAt += ms;
    const now = this.monotonic();
    const due = [...this.timers].filter((timer) => timer.at <= now).sort((a, b) => a.at - b.at);
    for (const timer of due) if (this.timers.has(timer)) this.fire(timer);
    // What is left must now fire earlier in real time.
    for (const timer of this.timers) this.schedule(timer);
  }

  /** Moves the wall clock only, either way. */
  jump(ms: number): void {
    this.wallOffset += ms;
  }

  /**
   * The wall clock shows this moment (ms) while it runs: what a second decides must not hang on how long the machine
   * takes. Timers go on, which are monotonic.
   */
  async standingAt<T>(moment: number, run: () => Promise<T>): Promise<T> {
    this.standing = moment;
    return run().finally(() => (this.standing = null));
  }

  /**
   * Monotonic time and the timers stand still while it runs, but for what `advance` adds: what happens within a second can
   * then be counted, however long the machine takes.
   */
  async stopped<T>(run: () => Promise<T>): Promise<T> {
    this.stoppedAt = this.monotonic();
    for (const timer of this.timers) timer.real.cancel();
    return run().finally(() => {
      this.monotonicOffset = this.monotonic() - performance.now();
      this.stoppedAt = null;
      for (const timer of this.timers) this.schedule(timer);
    });
  }

  private arm(due: Omit<Due, 'real'>): Timer {
    const timer: Due = { ...due, real: { cancel: () => undefined } };
    this.timers.add(timer);
    this.schedule(timer);
    return {
      cancel: () => {
        timer.real.cancel();
        this.timers.delete(timer);
      },
    };
  }

  private schedule(timer: Due): void {
    timer.real.cancel();
    if (this.stoppedAt !== null) return;
    timer.real = systemClock.after(timer.at - this.monotonic(), () => this.fire(timer));
  }

  private fire(timer: Due): void {
    timer.real.cancel();
    if (timer.every === null) {
      this.timers.delete(timer);
    } else {
      timer.at = this.monotonic() + timer.every;
      this.schedule(timer);
    }
    timer.run();
  }
}
