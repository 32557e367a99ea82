import { OverloadedError } from '../errors.ts';

export interface FairQueueLimits {
  /** Jobs running at once. */
  running: number;
  /** Jobs waiting in all lanes together. */
  waiting: number;
  /** Jobs waiting in any one lane. */
  waitingPerLane: number;
}

type Job = () => void;

/**
 * A semaphore whose waiting jobs stand in lanes served in turn, so that whoever floods one lane delays only itself.
 * Beyond the limits a job is refused at once with OverloadedError: a bounded wait is better than a long one.
 */
export class FairQueue {
  // Insertion order is the order of service: a lane with more to do goes back to the end.
  readonly #lanes = new Map<string, Job[]>();
  readonly #limits: FairQueueLimits;
  #running = 0;
  #waiting = 0;

  constructor(limits: FairQueueLimits) {
    this.#limits = limits;
  }

  async run<T>(lane: string, work: () => Promise<T>): Promise<T> {
    if (this.#running >= this.#limits.running) await this.#wait(lane);
    else this.#running += 1;
    try {
      return await work();
    } finally {
      this.#release();
    }
  }

  #wait(lane: string): Promise<void> {
    const jobs = this.#lanes.get(lane) ?? [];
    if (this.#waiting >= this.#limits.waiting || jobs.length >= this.#limits.waitingPerLane) {
      throw new OverloadedError();
    }
    this.#waiting += 1;
    this.#lanes.set(lane, jobs);
    return new Promise((resolve) => jobs.push(resolve));
  }

  /** Hands the place to the next lane's first job; `#running` stays the same because the place is not given up. */
  #release(): void {
    const next = this.#lanes.entries().next();
    if (next.done) {
      this.#running -= 1;
      return;
    }
    const [lane, jobs] = next.value;
    const job = jobs.shift();
    this.#lanes.delete(lane);
    if (jobs.length > 0) this.#lanes.set(lane, jobs);
    this.#waiting -= 1;
    job?.();
  }
}
