import type { Clock } from '../clock.ts';
import { OverloadedError } from '../errors.ts';

export interface FairQueueLimits {
  /** Jobs running at once. */
  running: number;
  /** Jobs of any one lane running at once; without it a lane may have all places. */
  runningPerLane?: number;
  /** Jobs waiting in all lanes together. */
  waiting: number;
  /** Jobs waiting in any one lane. */
  waitingPerLane: number;
}

/** How long a job waits for its place, milliseconds. */
export interface Patience {
  clock: Clock;
  ms: number;
}

type Job = () => void;

interface Lane {
  running: number;
  waiting: Set<Job>;
}

/**
 * A semaphore whose waiting jobs stand in lanes served in turn, so that whoever floods one lane delays only itself.
 * Beyond the limits a job is refused at once with OverloadedError, and so is one that has waited for as long as it is
 * patient.
 */
export class FairQueue {
  // Lanes with work of any kind. Insertion order is the order of service: a lane that was served goes back to the end.
  readonly #lanes = new Map<string, Lane>();
  readonly #limits: FairQueueLimits;
  #running = 0;
  #waiting = 0;

  constructor(limits: FairQueueLimits) {
    this.#limits = limits;
  }

  /** @param patience null: the job waits for as long as it takes */
  async run<T>(name: string, work: () => Promise<T>, patience: Patience | null = null): Promise<T> {
    const lane = this.#lane(name);
    if (this.#running < this.#limits.running && this.#hasShare(lane)) this.#begin(lane);
    else await this.#wait(name, lane, patience);
    try {
      return await work();
    } finally {
      this.#running -= 1;
      lane.running -= 1;
      this.#tidy(name, lane);
      this.#serve();
    }
  }

  #lane(name: string): Lane {
    const lane = this.#lanes.get(name) ?? { running: 0, waiting: new Set() };
    this.#lanes.set(name, lane);
    return lane;
  }

  #hasShare({ running }: Lane): boolean {
    return running < (this.#limits.runningPerLane ?? this.#limits.running);
  }

  #begin(lane: Lane): void {
    this.#running += 1;
    lane.running += 1;
  }

  #wait(name: string, lane: Lane, patience: Patience | null): Promise<void> {
    const { waiting, waitingPerLane } = this.#limits;
    if (this.#waiting >= waiting || lane.waiting.size >= waitingPerLane) {
      this.#tidy(name, lane);
      throw new OverloadedError();
    }
    if (lane.waiting.size === 0) this.#toTheEnd(name, lane);
    return new Promise((resolve, reject) => {
      const job = (): void => {
        timer?.cancel();
        resolve();
      };
      const timer = patience?.clock.after(patience.ms, () => {
        this.#leave(lane, job);
        this.#tidy(name, lane);
        reject(new OverloadedError());
      });
      lane.waiting.add(job);
      this.#waiting += 1;
    });
  }

  #leave(lane: Lane, job: Job): void {
    lane.waiting.delete(job);
    this.#waiting -= 1;
  }

  /** Gives the place that became free to the first lane that waits and does not have its share yet. */
  #serve(): void {
    for (const [name, lane] of this.#lanes) {
      const [job] = lane.waiting;
      if (!job || !this.#hasShare(lane)) continue;
      this.#leave(lane, job);
      this.#toTheEnd(name, lane);
      this.#begin(lane);
      job();
      return;
    }
  }

  #toTheEnd(name: string, lane: Lane): void {
    this.#lanes.delete(name);
    this.#lanes.set(name, lane);
  }

  #tidy(name: string, lane: Lane): void {
    if (lane.running === 0 && lane.waiting.size === 0) this.#lanes.delete(name);
  }
}
