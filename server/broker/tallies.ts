import type { Clock, Timer } from '../clock.ts';
import { workAlone } from '../database/dedicated.ts';
import type { Log } from '../log.ts';
import { joinTallies, moveRollups } from './sql/tally.ts';

const MINUTE_MS = 60_000;
/** Rounds between two that look at all tallies. */
const JOIN_EVERY = 15;
/** One node at a time. */
const LOCK = 7_355_609;

export interface TalliesOptions {
  databaseUrl: string;
  clock: Clock;
  log: Log;
}

/**
 * Sums up the rollups of minutes that are over, so that a chart reads as many rows whatever the traffic and the number
 * of apps. Counts are moved, never copied: in any snapshot, each is in one of the two tables, however late it came and
 * whenever this last ran.
 */
export class Tallies {
  private readonly options: TalliesOptions;
  private readonly timer: Timer;
  private running: Promise<void> | null = null;
  private rounds = 0;

  constructor(options: TalliesOptions) {
    this.options = options;
    this.timer = options.clock.every(MINUTE_MS, () => void this.run());
  }

  /** One round; resolves when it is over, also when it failed, which the next round makes good. */
  run(): Promise<void> {
    this.running ??= this.round()
      .catch((error: unknown) => this.options.log.warn({ err: error }, 'counts could not be summed up'))
      .finally(() => (this.running = null));
    return this.running;
  }

  async close(): Promise<void> {
    this.timer.cancel();
    await this.running;
  }

  private async round(): Promise<void> {
    const { databaseUrl, clock } = this.options;
    await workAlone(databaseUrl, 'relay-tallies', LOCK, async (client) => {
      const now = clock.now();
      // The minute before is left alone: its last commits may be on their way.
      const end = new Date(Math.floor(now / MINUTE_MS) * MINUTE_MS - MINUTE_MS);
      while ((await moveRollups(client, now, end)) > 0);
      if (this.rounds++ % JOIN_EVERY === 0) await joinTallies(client, now);
    });
  }
}
