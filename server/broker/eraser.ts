import type { Client } from 'pg';
import type { Bus } from '../bus/bus.ts';
import type { Clock, Timer } from '../clock.ts';
import { connectDedicated } from '../database/dedicated.ts';
import type { Log } from '../log.ts';
import { eraseBatch, finishErasure, unwantedContents } from './sql/erase.ts';
import type { Unwanted } from './sql/erase.ts';

const EVERY_MS = 60_000;
/** One node at a time; the number only has to be Relay's own. */
const LOCK = 7_355_610;
/** How much longer than its work it rests between batches. */
const REST = 2;

export interface EraserOptions {
  databaseUrl: string;
  bus: Bus;
  clock: Clock;
  log: Log;
}

/**
 * Deletes the contents of events of apps that somebody wants to be rid of, a few rows at a time. Begins when it is told and
 * looks again every minute, so that neither a crash nor an event that is still under way leaves anything behind.
 */
export class Eraser {
  private readonly options: EraserOptions;
  private readonly ends: (() => void)[];
  /** Where to begin with an app that had events still under way: the first of them. */
  private readonly from = new Map<string, string>();
  private running: Promise<void> | null = null;
  private again = false;
  private closing = false;

  constructor(options: EraserOptions) {
    this.options = options;
    const timer: Timer = options.clock.every(EVERY_MS, () => void this.run());
    const unsubscribe = options.bus.subscribe('contents.unwanted', ({ appId }) => {
      this.from.delete(appId);
      void this.run();
    });
    this.ends = [() => timer.cancel(), unsubscribe];
  }

  /** Resolves when everything that can be deleted now is, also when it failed, which the next round makes good. */
  run(): Promise<void> {
    this.again = this.running !== null;
    this.running ??= this.rounds().finally(() => (this.running = null));
    return this.running;
  }

  /** Resolves when the batch under way is over. */
  async close(): Promise<void> {
    this.closing = true;
    for (const end of this.ends) end();
    await this.running;
  }

  private async rounds(): Promise<void> {
    do {
      this.again = false;
      await this.round().catch((error: unknown) =>
        this.options.log.warn({ err: error }, 'contents could not be deleted and are tried again'),
      );
    } while (this.again && !this.closing);
  }

  private async round(): Promise<void> {
    const client = await connectDedicated(this.options.databaseUrl, 'relay-eraser', ['enable_seqscan = off']);
    try {
      const { rows } = await client.query<{ mine: boolean }>('select pg_try_advisory_lock($1) as mine', [
        LOCK,
      ]);
      if (!rows[0]?.mine) return;
      for (const unwanted of await unwantedContents(client)) await this.erase(client, unwanted);
    } finally {
      await client.end();
    }
  }

  private async erase(client: Client, unwanted: Unwanted): Promise<void> {
    const { clock, log } = this.options;
    let after: string | null = this.from.get(unwanted.appId) ?? '';
    let kept: string | null = null;
    while (!this.closing) {
      const began = clock.monotonic();
      const batch = await eraseBatch(client, unwanted, after, clock.now());
      kept ??= batch.kept;
      if (batch.last === null) break;
      after = batch.last;
      await new Promise<void>((resolve) => clock.after((clock.monotonic() - began) * REST, resolve));
    }
    if (this.closing) return;
    if (kept !== null) {
      this.from.set(unwanted.appId, kept);
      return;
    }
    this.from.delete(unwanted.appId);
    if (await finishErasure(client, unwanted, clock.now()))
      log.info({ app: unwanted.appId }, 'contents were deleted');
  }
}
