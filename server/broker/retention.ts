import type { Client } from 'pg';
import type { Clock, Timer } from '../clock.ts';
import { workAlone } from '../database/dedicated.ts';
import { unfinished } from '../domain/contentRules.ts';
import { eventIdFloor } from '../domain/eventId.ts';
import type { Log } from '../log.ts';
import { Pace } from './pace.ts';
import { expiredEvents, expiredRows } from './sql/expire.ts';
import {
  DEFAULT_PARTITION,
  WEEK_MS,
  attachWeek,
  dropPartition,
  keepsMoreThan,
  ownsEvents,
  partitionOf,
  partitions,
  weekOf,
} from './sql/partition.ts';
import { LONGEST_STEP_MS } from './sql/tally.ts';

const DAY_MS = 86_400_000;
const EVERY_MS = 3_600_000;
/** Weeks that have their partition before their time comes. */
const WEEKS_AHEAD = 3;
/** One node at a time. */
const LOCK = 7_355_608;
/**
 * How long each try at a partition waits for the statements under way, ms. While it waits everybody else waits behind it, so
 * tries are short at first and far apart, and whom a long report keeps from it comes again in the next round.
 */
const PATIENCE_MS = [25, 50, 100, 200, 400];
const BETWEEN_TRIES_MS = 10_000;
/** The one try before Relay serves: without the partition, events go to the default one. */
const AT_START_MS = 400;
/** Events that move to the default partition while others wait. Of a partition that keeps more, the rest is deleted. */
const MOVED_AT_ONCE = 500;
/** How much longer than its work retention rests between batches. */
const REST = 4;
/**
 * Nobody waits for retention, and what a crash takes back is done again: its commits need not be flushed. It comes by its
 * rows through indexes alone.
 */
const SETTINGS = ['synchronous_commit = off', 'enable_seqscan = off'];
const LOCK_NOT_AVAILABLE = '55P03';

/** A process that only serves need not know the owner; somebody else then runs `relay retain`. */
export class NotOwnerError extends Error {
  constructor() {
    super('Only the owner of the tables keeps the history: name that role in DATABASE_MIGRATION_URL.');
    this.name = 'NotOwnerError';
  }
}

export interface RetentionOptions {
  /** Of the role that owns the tables; of another, nothing is done. */
  databaseUrl: string;
  /** Days that events are kept; 0 = for ever. */
  days: number;
  clock: Clock;
  log: Log;
}

/**
 * Keeps a partition ready for the weeks to come, and drops those whose events are all older than they are kept. Events
 * without an outcome, or whose outcome still waits for its app, move to the default partition first. Works in small steps
 * with long rests, so that nobody's event waits for it.
 */
export class Retention {
  private readonly options: RetentionOptions;
  private readonly timer: Timer;
  private readonly pace: Pace;
  private running: Promise<boolean> | null = null;

  constructor(options: RetentionOptions) {
    this.options = options;
    this.pace = new Pace(options.clock, REST);
    this.timer = options.clock.every(EVERY_MS, () => void this.run());
  }

  /** Makes this week's partition where it is missing, which Relay waits for before it serves. */
  async prepare(): Promise<void> {
    await this.alone((client) => this.makeReady(client, 0, [AT_START_MS])).catch(this.failed);
  }

  /** One round; resolves when it is over, also when it failed, which the next round makes good. */
  async run(): Promise<void> {
    await this.round().catch(this.failed);
  }

  /**
   * One round; resolves to false where another process is at it already. Rejects when it failed, with NotOwnerError where it
   * is for another role to do.
   */
  round(): Promise<boolean> {
    return this.alone(async (client) => {
      await this.makeReady(client, WEEKS_AHEAD, PATIENCE_MS);
      if (this.options.days > 0) await this.drop(client);
      await this.prune(client);
    });
  }

  /** Resolves when the step under way is over. */
  async close(): Promise<void> {
    this.timer.cancel();
    this.pace.end();
    await this.running?.catch(() => undefined);
  }

  /** Does nothing where this or another node is at it already. */
  private alone(work: (client: Client) => Promise<void>): Promise<boolean> {
    const { databaseUrl } = this.options;
    const asOwner = async (client: Client): Promise<void> => {
      if ((await ownsEvents(client)) === false) throw new NotOwnerError();
      await work(client);
    };
    this.running ??= workAlone(databaseUrl, 'relay-retention', LOCK, asOwner, SETTINGS).finally(
      () => (this.running = null),
    );
    return this.running;
  }

  private readonly failed = (error: unknown): void => {
    const { log } = this.options;
    if (error instanceof NotOwnerError) log.info('the history is left to "relay retain"');
    else log.warn({ err: error }, 'retention failed and is tried again');
  };

  private async makeReady(client: Client, ahead: number, patience: number[]): Promise<void> {
    const thisWeek = Math.floor(this.options.clock.now() / WEEK_MS);
    const present = await partitions(client);
    for (let week = thisWeek; week <= thisWeek + ahead; week += 1) {
      const name = partitionOf(week);
      if (!present.includes(name)) await this.change(client, name, patience, () => attachWeek(client, week));
    }
  }

  private async drop(client: Client): Promise<void> {
    const now = this.options.clock.now();
    const oldest = now - this.options.days * DAY_MS;
    const [floor, kept] = [eventIdFloor(oldest), unfinished(now)];
    for (const name of await partitions(client)) {
      const week = weekOf(name);
      if (week !== null && (week + 1) * WEEK_MS <= oldest) await this.dropWeek(client, name, floor, kept);
    }
    await this.pace.batches(expiredEvents(client, DEFAULT_PARTITION, floor, kept));
    const gone = 't.event_id < $1 and not exists (select from event e where e.id = t.event_id)';
    await this.pace.batches(expiredRows(client, 'event_step', gone, [floor]));
    const { rows } = await client.query<{ id: string }>('select id from organization');
    const counted = 't.organization_id = $1 and t.minute < $2';
    const summed = 't.organization_id = $1 and t.at < $2';
    for (const { id } of rows) {
      await this.pace.batches(expiredRows(client, 'rollup', counted, [id, new Date(oldest)]));
      await this.pace.batches(expiredRows(client, 'tally', summed, [id, new Date(oldest - LONGEST_STEP_MS)]));
    }
  }

  private async dropWeek(client: Client, name: string, floor: string, kept: string): Promise<void> {
    if (this.pace.ended) return;
    if (await keepsMoreThan(client, MOVED_AT_ONCE, name, kept)) {
      await this.pace.batches(expiredEvents(client, name, floor, kept));
    } else if (await this.change(client, name, PATIENCE_MS, () => dropPartition(client, name, kept))) {
      this.options.log.info({ partition: name }, 'events older than they are kept were dropped');
    }
  }

  /** What ends by itself after hours or days. */
  private async prune(client: Client): Promise<void> {
    const now = [new Date(this.options.clock.now())];
    const yesterday = `$1::timestamptz - interval '1 day'`;
    const locked = `greatest(t.expires_at, t.locked_until) < ${yesterday}`;
    await this.pace.batches(expiredRows(client, 'idempotency_key', 't.expires_at < $1', now));
    await this.pace.batches(
      expiredRows(client, 'login_code', `t.expires_at < ${yesterday} and ${locked}`, now),
    );
    await this.pace.batches(
      expiredRows(client, 'rate_limit', 't.expire < extract(epoch from $1::timestamptz) * 1000', now),
    );
    await this.pace.batches(expiredRows(client, 'session', `t.expires_at < ${yesterday}`, now));
  }

  /** Changes partitions at a moment when nobody's statement is in the way; false when none came, and it is left for later. */
  private async change(
    client: Client,
    name: string,
    patience: number[],
    make: () => Promise<void>,
  ): Promise<boolean> {
    for (const [at, ms] of patience.entries()) {
      if (at > 0) await this.pace.rest(BETWEEN_TRIES_MS);
      if (this.pace.ended) return false;
      await client.query(`set lock_timeout = '${ms}ms'`);
      try {
        await make();
        return true;
      } catch (error) {
        if ((error as { code?: string }).code !== LOCK_NOT_AVAILABLE) throw error;
      }
    }
    this.options.log.warn({ partition: name }, 'a partition was in use too long and is left for later');
    return false;
  }
}
