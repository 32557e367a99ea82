import type { Clock, Timer } from '../clock.ts';

/** Frames for all sockets within a slice of time from which on there is load: some 13,000 a second. */
const CROWDED_SLICE = 128;
const SLICE_MS = 10;
/** How long fragments of an answer wait for company when their socket was written to just before, ms. */
export const PACE_MS = 2;

/** What a turn writes out. */
export interface Outlet {
  /** Agents go first: their events are what everybody waits for. */
  readonly first: boolean;
  flush(): void;
}

/**
 * When sockets are written to. All that is queued in one turn of the event loop leaves at its end, one write for each
 * socket: a write costs more than everything else that is done for a frame.
 */
export class Turns {
  private readonly clock: Clock;
  private first: Outlet[] = [];
  private rest: Outlet[] = [];
  private waiting: Outlet[] = [];
  private timer: Timer | null = null;
  /** Frames given to all sockets in this slice and the one before, counted before any are joined. */
  private startedAt = 0;
  private frames = 0;
  private before = 0;

  constructor(clock: Clock) {
    this.clock = clock;
  }

  /** Flushes the outlet at the end of this turn. */
  soon(outlet: Outlet): void {
    if (this.first.length + this.rest.length === 0) setImmediate(() => this.flush());
    (outlet.first ? this.first : this.rest).push(outlet);
  }

  /** Flushes the outlet within PACE_MS. */
  later(outlet: Outlet): void {
    this.waiting.push(outlet);
    this.timer ??= this.clock.after(PACE_MS, () => {
      this.timer = null;
      for (const due of this.waiting.splice(0)) due.flush();
    });
  }

  /** Counts a frame. */
  note(): void {
    const now = this.clock.monotonic();
    const passed = now - this.startedAt;
    if (passed >= SLICE_MS) {
      this.before = passed < 2 * SLICE_MS ? this.frames : 0;
      this.frames = 0;
      this.startedAt = now;
    }
    this.frames += 1;
  }

  /** Whether there are so many frames that fragments are to be joined. */
  get crowded(): boolean {
    return this.frames >= CROWDED_SLICE || this.before >= CROWDED_SLICE;
  }

  private flush(): void {
    const due = [...this.first, ...this.rest];
    this.first = [];
    this.rest = [];
    for (const outlet of due) outlet.flush();
  }
}
