import type { Clock } from '../clock.ts';

/** Work that nobody waits for, in batches with rests between them, so that it is never what the database is busy with. */
export class Pace {
  private readonly clock: Clock;
  private readonly share: number;
  private wake: () => void = () => undefined;
  private over = false;

  /** @param share how much longer than its work it rests */
  constructor(clock: Clock, share: number) {
    this.clock = clock;
    this.share = share;
  }

  /** Whether it was ended: no further batch begins. */
  get ended(): boolean {
    return this.over;
  }

  /** Works until a batch says that there are no more. */
  async batches(batch: () => Promise<boolean>): Promise<void> {
    while (!this.over) {
      // Real time: what the database had to do is not less, or more, because a test moved the clock meanwhile.
      const began = performance.now();
      if (!(await batch())) return;
      await this.rest((performance.now() - began) * this.share);
    }
  }

  rest(ms: number): Promise<void> {
    if (this.over) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = this.clock.after(ms, resolve);
      this.wake = () => {
        timer.cancel();
        resolve();
      };
    });
  }

  /** Cuts the rest short. */
  end(): void {
    this.over = true;
    this.wake();
  }
}
