import type { Client } from 'pg';
import type { Clock, Timer } from '../clock.ts';
import { connectDedicated } from '../database/dedicated.ts';
import { eventIdFloor } from '../domain/eventId.ts';
import type { Log } from '../log.ts';
import { KEPT_MS } from './catchUp.ts';
import { LONGEST_STEP_MS } from './sql/tally.ts';
import { inTransaction } from './sql/transaction.ts';

const DAY_MS = 86_400_000;
const WEEK_MS = 7 * DAY_MS;
const EVERY_MS = 3_600_000;
/** Weeks that have their partition before their time comes. */
const WEEKS_AHEAD = 3;
/** One node at a time; the number only has to be Relay's own. */
const LOCK = 7_355_608;
/** A partition is taken out only when nobody has to wait long for it. */
const LOCK_TIMEOUT = '2s';

export interface RetentionOptions {
  /** Of the role that owns the tables. */
  databaseUrl: string;
  /** Days that events are kept; 0 = for ever. */
  days: number;
  clock: Clock;
  log: Log;
}

/**
 * Keeps a partition ready for the weeks to come, and drops those whose events are all older than they are kept. Events
 * without an outcome, or whose outcome still waits for its app, move to the default partition first.
 */
export class Retention {
  private readonly options: RetentionOptions;
  private readonly timer: Timer;
  private running: Promise<void> | null = null;

  constructor(options: RetentionOptions) {
    this.options = options;
    this.timer = options.clock.every(EVERY_MS, () => void this.run());
  }

  /** One round; resolves when it is over, also when it failed, which the next round makes good. */
  run(): Promise<void> {
    this.running ??= this.round()
      .catch((error: unknown) => this.options.log.warn({ err: error }, 'retention failed and is tried again'))
      .finally(() => (this.running = null));
    return this.running;
  }

  async close(): Promise<void> {
    this.timer.cancel();
    await this.running;
  }

  private async round(): Promise<void> {
    const client = await connectDedicated(this.options.databaseUrl, 'relay-retention', [
      `lock_timeout = '${LOCK_TIMEOUT}'`,
    ]);
    try {
      const { rows } = await client.query<{ mine: boolean }>('select pg_try_advisory_lock($1) as mine', [
        LOCK,
      ]);
      if (!rows[0]?.mine) return;
      await this.prepare(client);
      if (this.options.days > 0) await this.drop(client);
      await this.prune(client);
    } finally {
      await client.end();
    }
  }

  private async prepare(client: Client): Promise<void> {
    const thisWeek = Math.floor(this.options.clock.now() / WEEK_MS);
    const present = await partitions(client);
    for (let week = thisWeek; week <= thisWeek + WEEKS_AHEAD; week += 1) {
      if (!present.includes(nameOf(week))) await attach(client, week);
    }
  }

  private async drop(client: Client): Promise<void> {
    const now = this.options.clock.now();
    const oldest = now - this.options.days * DAY_MS;
    const kept = unfinished(now);
    for (const name of await partitions(client)) {
      const week = weekOf(name);
      if (week === null || (week + 1) * WEEK_MS > oldest) continue;
      await inTransaction(client, async () => {
        await client.query(`alter table event detach partition "${name}"`);
        await client.query(`insert into event select * from "${name}" where ${kept}`);
        await client.query(`drop table "${name}"`);
      });
      this.options.log.info({ partition: name }, 'events older than they are kept were dropped');
    }
    const floor = [eventIdFloor(oldest)];
    await client.query(`delete from event_default where id < $1 and not ${kept}`, floor);
    await client.query(
      'delete from event_step s where s.event_id < $1 and not exists (select from event where id = s.event_id)',
      floor,
    );
    await client.query('delete from rollup where minute < $1', [new Date(oldest)]);
    await client.query('delete from tally where at < $1', [new Date(oldest - LONGEST_STEP_MS)]);
  }

  /** What ends by itself after hours or days. */
  private async prune(client: Client): Promise<void> {
    const now = new Date(this.options.clock.now());
    await client.query('delete from idempotency_key where expires_at < $1', [now]);
    await client.query(
      `delete from login_code where greatest(expires_at, locked_until) < $1::timestamptz - interval '1 day'`,
      [now],
    );
    await client.query(`delete from session where expires_at < $1::timestamptz - interval '1 day'`, [now]);
  }
}

/** A condition rather than a parameter, so that it can stand in statements of any shape; the time is Relay's own. */
function unfinished(now: number): string {
  const since = new Date(now - KEPT_MS).toISOString();
  return `(status = 'pending' or (handed_over_at is null and hand_over and settled_at > '${since}'))`;
}

async function partitions(client: Client): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    `select c.relname as name from pg_inherits i join pg_class c on c.oid = i.inhrelid where i.inhparent = 'event'::regclass`,
  );
  return rows.map((row) => row.name);
}

/** Takes along what the default partition holds of that week, as after a pause longer than the weeks ahead. */
async function attach(client: Client, week: number): Promise<void> {
  const name = nameOf(week);
  const bounds = [eventIdFloor(week * WEEK_MS), eventIdFloor((week + 1) * WEEK_MS)];
  await inTransaction(client, async () => {
    await client.query(`create table "${name}" (like event including defaults including constraints)`);
    await client.query(
      `with moved as (delete from event_default where id >= $1 and id < $2 returning *) insert into "${name}" select * from moved`,
      bounds,
    );
    await client.query(
      `alter table event attach partition "${name}" for values from ('${bounds[0]}') to ('${bounds[1]}')`,
    );
  });
}

/** Partitions are named by the day their week begins. */
function nameOf(week: number): string {
  return `event_${new Date(week * WEEK_MS).toISOString().slice(0, 10).replaceAll('-', '')}`;
}

function weekOf(name: string): number | null {
  const [, year, month, day] = /^event_(\d{4})(\d{2})(\d{2})$/.exec(name) ?? [];
  return year === undefined ? null : Date.UTC(Number(year), Number(month) - 1, Number(day)) / WEEK_MS;
}
