import type { Client, Pool } from 'pg';
import type { Bus } from '../bus/bus.ts';
import type { Clock, Timer } from '../clock.ts';
import { workAlone } from '../database/dedicated.ts';
import type { Log } from '../log.ts';
import { ALL_RECORDED_MS } from './journal.ts';
import { Pace } from './pace.ts';
import { eraseBatch, finishErasure, mayStillTurnUp, unwantedContents } from './sql/erase.ts';
import type { Unwanted } from './sql/erase.ts';

const EVERY_MS = 60_000;
/** One node at a time. */
const LOCK = 7_355_610;
/** How much longer than its work it rests between batches. */
const REST = 2;
/** It comes by its events through indexes alone. */
const SETTINGS = ['enable_seqscan = off'];

export interface EraserOptions {
  databaseUrl: string;
  pool: Pool;
  bus: Bus;
  clock: Clock;
  log: Log;
}

/**
 * Deletes the contents of events of apps that somebody wants to be rid of, a few rows at a time. Begins when it is told and
 * looks again every minute, so that neither a crash nor an event that is still under way leaves anything behind.
 *
 * An order covers what was accepted before it, by the time of acceptance that is stored with each event; who reads is kept
 * from it by the same comparison, so it is hidden whenever it is committed. What the agent or the app still needs is left
 * until they are done with it, and then loses payload and answer together: no answer is ever written to an event that
 * has one. Only a round that leaves nothing and began ALL_RECORDED_MS after the order completes it, since until then an
 * event accepted before may still be on its way into the journal of any node; and none does while a commit from then hangs.
 */
export class Eraser {
  private readonly options: EraserOptions;
  private readonly ends: (() => void)[];
  private readonly pace: Pace;
  /** Where to begin with an app that had events still under way: the first of them. */
  private readonly from = new Map<string, string>();
  private running: Promise<void> | null = null;
  private again = false;

  constructor(options: EraserOptions) {
    this.options = options;
    this.pace = new Pace(options.clock, REST);
    const timer: Timer = options.clock.every(EVERY_MS, () => void this.run());
    const unsubscribe = options.bus.subscribe('contents.unwanted', ({ appId, eventId }) => {
      if (eventId !== null) return;
      this.from.delete(appId);
      void this.run();
    });
    this.ends = [() => timer.cancel(), unsubscribe];
  }

  /** Resolves when everything that can be deleted now is, also when it failed, which the next round makes good. */
  run(): Promise<void> {
    this.again = true;
    this.running ??= this.rounds();
    return this.running;
  }

  /** Resolves when the batch under way is over. */
  async close(): Promise<void> {
    for (const end of this.ends) end();
    this.pace.end();
    await this.running;
  }

  private async rounds(): Promise<void> {
    while (this.again && !this.pace.ended) {
      this.again = false;
      await this.round().catch((error: unknown) =>
        this.options.log.warn({ err: error }, 'contents could not be deleted and are tried again'),
      );
    }
    this.running = null;
  }

  private async round(): Promise<void> {
    const { databaseUrl, pool } = this.options;
    // Mostly there is nothing to do, and nothing to connect for.
    if ((await unwantedContents(pool)).length === 0) return;
    const eraseAll = async (client: Client): Promise<void> => {
      for (const unwanted of await unwantedContents(client)) await this.erase(client, unwanted);
    };
    await workAlone(databaseUrl, 'relay-eraser', LOCK, eraseAll, SETTINGS);
  }

  private async erase(client: Client, unwanted: Unwanted): Promise<void> {
    const { clock, log } = this.options;
    const recordedBy = new Date(unwanted.at.getTime() + ALL_RECORDED_MS);
    // Asked before anything is read, so that what turns up meanwhile is read.
    const final = clock.now() > recordedBy.getTime() && !(await mayStillTurnUp(client, recordedBy));
    let after = this.from.get(unwanted.appId) ?? '';
    let kept: string | null = null;
    await this.pace.batches(async () => {
      const { last, kept: first } = await eraseBatch(client, unwanted, after, clock.now());
      kept ??= first;
      if (last !== null) after = last;
      return last !== null;
    });
    // Until nothing more turns up, the next round begins with the oldest again.
    if (this.pace.ended || !final) return;
    if (kept !== null) {
      this.from.set(unwanted.appId, kept);
      return;
    }
    this.from.delete(unwanted.appId);
    if (await finishErasure(client, unwanted, clock.now()))
      log.info({ app: unwanted.appId }, 'contents were deleted');
  }
}
