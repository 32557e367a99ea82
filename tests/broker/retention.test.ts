import type { Pool } from 'pg';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createPool } from '../../server/database/pool.ts';
import { eventIdFloor } from '../../server/domain/eventId.ts';
import { WEEK_MS, attachWeek } from '../../server/broker/sql/partition.ts';
import { connectDedicated } from '../../server/database/dedicated.ts';
import { Retention } from '../../server/broker/retention.ts';
import { createLog } from '../../server/log.ts';
import { TestClock } from '../harness/clock.ts';
import { createTestDatabase } from '../harness/postgres.ts';
import type { TestDatabase } from '../harness/postgres.ts';

const DAY = 86_400_000;
const OWNER = '00000000-0000-0000-0000-000000000001';

let database: TestDatabase;
let pool: Pool;
let clock: TestClock;
let retention: Retention;

beforeEach(async () => {
  database = await createTestDatabase();
  pool = createPool(database.url, 4);
  clock = new TestClock();
  retention = keeping(30);
  await retention.run();
});
afterEach(async () => {
  await retention.close();
  await pool.end();
  await database.drop();
});

function keeping(days: number): Retention {
  return new Retention({ databaseUrl: database.url, days, clock, log: createLog('silent') });
}

it('weeks to come have a partition before their time', async () => {
  clock.jump(40 * DAY);
  await retention.run();
  await record(clock.now() + 14 * DAY, 'pending');
  expect(await partitionOf(clock.now() + 14 * DAY)).not.toBe('event_default');
});

it('what came while no partition was ready moves into the one that is made for it', async () => {
  const later = clock.now() + 200 * DAY;
  await record(later, 'pending');
  expect(await partitionOf(later)).toBe('event_default');
  clock.jump(200 * DAY);
  await retention.prepare();
  expect(await partitionOf(later)).not.toBe('event_default');
});

it('what is written while the partition of its week is made is neither refused nor missed', async () => {
  const later = clock.now() + 200 * DAY;
  await record(later, 'pending');
  const reader = await pool.connect();
  await reader.query('begin');
  await reader.query('select from event');
  const maker = await connectDedicated(database.url, 'maker');
  const making = attachWeek(maker, Math.floor(later / WEEK_MS));
  await expect.poll(waiting).toBe(1);
  const recorded = record(later + 1, 'pending');
  const settled = pool.query(`update event set status = 'failed', settled_at = now() where id = $1`, [
    idAt(later),
  ]);
  await expect.poll(waiting).toBe(3);
  await reader.query('commit');
  reader.release();
  await making;
  await maker.end();
  await recorded;
  expect((await settled).rowCount).toBe(1);
  expect(await partitionOf(later + 1)).not.toBe('event_default');
});

/** How many statements wait for others. */
async function waiting(): Promise<number> {
  const { rowCount } = await pool.query(
    `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
  );
  return rowCount ?? 0;
}

it('finished events older than they are kept go; pending and not handed over ones stay', async () => {
  const old = await oldEvents();
  const before = await partitionOf(old.finished);
  clock.jump(60 * DAY);
  await retention.run();
  expect(await partitionOf(old.finished)).toBeNull();
  expect(await partitionOf(old.pending)).toBe('event_default');
  expect(await partitionOf(old.waiting)).toBe('event_default');
  expect(before).not.toBe('event_default');
});

it('what outlived its partition goes when it is finished, together with steps and keys that nothing needs', async () => {
  const old = await oldEvents();
  await pool.query(
    `insert into event_step (id, event_id, at, kind) values (gen_random_uuid(), $1, now(), 'timed_out')`,
    [idAt(old.pending)],
  );
  await pool.query(
    `insert into idempotency_key (app_id, key, event_id, digest, expires_at) values ($1, 'k', $2, '', $3)`,
    [OWNER, idAt(old.pending), new Date(old.pending + DAY)],
  );
  clock.jump(60 * DAY);
  await retention.run();
  expect(await count('event_step')).toBe(1);
  expect(await count('idempotency_key')).toBe(0);
  await pool.query(`update event set status = 'failed', settled_at = now(), handed_over_at = now()`);
  await retention.run();
  expect(await count('event')).toBe(0);
  expect(await count('event_step')).toBe(0);
});

it('a partition of which too many events are unfinished stays with these alone', async () => {
  const { finished, pending } = await oldEvents();
  await pool.query(
    `insert into event (id, organization_id, app_id, agent_id, agent_slug, thread_id, status, origin, payload, accepted_at)
     select $1 || lpad(n::text, 4, '0'), $2, $2, $2, 'athena', 't', 'pending', 'app', '{}', now() from generate_series(1, 600) n`,
    [eventIdFloor(pending) + '001', OWNER],
  );
  const before = await partitionOf(pending);
  clock.jump(60 * DAY);
  await retention.run();
  expect(await partitionOf(finished)).toBeNull();
  expect(await partitionOf(pending)).toBe(before);
  expect(await count('event')).toBe(602);
});

it('whoever reads for long keeps a partition from being dropped, and nobody waits for the two of them', async () => {
  const { finished } = await oldEvents();
  clock.jump(60 * DAY);
  // Partitions of the weeks to come are made; what is left to do is to drop one.
  const making = keeping(0);
  await making.run();
  await making.close();
  const reader = await pool.connect();
  await reader.query('begin');
  await reader.query('select count(*) from event');
  const round = retention.run();
  await expect.poll(triedInVain).toBe(true);
  const began = performance.now();
  await record(clock.now(), 'pending');
  expect(performance.now() - began).toBeLessThan(1_000);
  expect(await partitionOf(finished)).not.toBeNull();
  await reader.query('commit');
  reader.release();
  await expect
    .poll(() => {
      clock.advance(10_000);
      return partitionOf(finished);
    })
    .toBeNull();
  await round;
});

/** Whether retention rests after it could not detach a partition. */
async function triedInVain(): Promise<boolean> {
  const { rowCount } = await pool.query(
    `select from pg_stat_activity where datname = current_database() and application_name = 'relay-retention'
       and state = 'idle' and query like '%detach partition%'`,
  );
  return rowCount === 1;
}

it('a round that is cut short ends at once, and the next one makes it good', async () => {
  await pool.query(
    `insert into event (id, organization_id, app_id, agent_id, agent_slug, thread_id, status, origin, payload, accepted_at,
       settled_at, handed_over_at)
     select $1 || lpad(n::text, 6, '0'), $2, $2, $2, 'athena', 't', 'delivered', 'app', '{}', now(), now(), now()
     from generate_series(1, 20000) n`,
    [eventIdFloor(clock.now() - 90 * DAY) + '001', OWNER],
  );
  const round = retention.run();
  await expect.poll(() => count('event')).toBeLessThan(20_000);
  await retention.close();
  await round;
  expect(await count('event')).toBeGreaterThan(0);
  retention = keeping(30);
  await retention.run();
  expect(await count('event')).toBe(0);
});

/** One event that may go, and two that may not, of a week that has a partition. */
async function oldEvents(): Promise<{ finished: number; pending: number; waiting: number }> {
  const now = clock.now();
  const old = { finished: now + 1, pending: now + 2, waiting: now + 3 };
  await record(old.finished, 'delivered', { handedOver: true });
  await record(old.pending, 'pending');
  await record(old.waiting, 'delivered', { settledAt: now + 59 * DAY });
  return old;
}

interface Fields {
  handedOver?: boolean;
  settledAt?: number;
}

async function record(
  at: number,
  status: string,
  { handedOver = false, settledAt = at }: Fields = {},
): Promise<void> {
  const settled = status === 'pending' ? null : new Date(settledAt);
  await pool.query(
    `insert into event (id, organization_id, app_id, agent_id, agent_slug, thread_id, status, origin, payload, accepted_at,
       settled_at, handed_over_at)
     values ($1, $2, $2, $2, 'athena', 't', $3, 'app', '{}', $4, $5, $6)`,
    [idAt(at), OWNER, status, new Date(at), settled, handedOver ? settled : null],
  );
}

async function count(table: string): Promise<number> {
  const { rows } = await pool.query<{ count: number }>(`select count(*)::int as count from ${table}`);
  return rows[0]?.count ?? 0;
}

async function partitionOf(at: number): Promise<string | null> {
  const text = 'select tableoid::regclass::text as name from event where id = $1';
  const { rows } = await pool.query<{ name: string }>(text, [idAt(at)]);
  return rows[0]?.name ?? null;
}

function idAt(time: number): string {
  return `${eventIdFloor(time)}0010000`;
}
