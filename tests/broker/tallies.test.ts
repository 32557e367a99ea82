import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, expect, it } from 'vitest';
import pg from 'pg';
import { verifyConservation } from '../../server/broker/conservation.ts';
import { Tallies } from '../../server/broker/tallies.ts';
import { createPool } from '../../server/database/pool.ts';
import { ranges, statsOf } from '../../server/domain/stats.ts';
import type { StatsRange, StatsScope } from '../../server/domain/stats.ts';
import { createLog } from '../../server/log.ts';
import { TestClock } from '../harness/clock.ts';
import { startTestRelay } from '../harness/server.ts';
import type { TestRelay } from '../harness/server.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const organizationId = randomUUID();
const apps = [randomUUID(), randomUUID()];
const agents = [randomUUID(), randomUUID()];

let relay: TestRelay;
let clock: TestClock;
let tallies: Tallies;
let reader: pg.Pool;

beforeEach(async () => {
  relay = await startTestRelay();
  clock = new TestClock();
  tallies = restarted();
  reader = createPool(relay.databaseUrl, 1);
});
afterEach(async () => {
  await tallies.close();
  await reader.end();
  await relay.close();
});

const restarted = () => new Tallies({ databaseUrl: relay.databaseUrl, clock, log: createLog('silent') });

const COUNT = `insert into rollup (organization_id, minute, app_id, agent_id, status, bucket, count)
  select $1, date_trunc('minute', $2::timestamptz), app, agent, status, bucket, $5
  from unnest($3::uuid[]) app, unnest($4::uuid[]) agent, (values ('delivered', 3), ('delivered', 9), ('failed', -1)) as s(status, bucket)
  on conflict (organization_id, minute, app_id, agent_id, status, bucket) do update set count = rollup.count + excluded.count`;

/** Counts for each app and agent, as the writers of outcomes do. */
function count(at: number, times = 1): Promise<unknown> {
  return relay.sql(COUNT, [organizationId, new Date(at), apps, agents, times]);
}

const scopes: StatsScope[] = [
  { organizationId },
  { organizationId, appId: apps[0]! },
  { organizationId, agentId: agents[1]! },
  { organizationId, appId: apps[1]!, agentId: agents[0]! },
];

/** Every chart of every scope, as of one moment. */
function charts(now: number) {
  const names = Object.keys(ranges) as StatsRange[];
  return Promise.all(scopes.flatMap((scope) => names.map((range) => statsOf(reader, scope, range, now))));
}

async function rows(table: 'rollup' | 'tally'): Promise<number> {
  const [found] = await relay.sql(`select count(*)::int as count from ${table}`);
  return found?.['count'] as number;
}

it('no chart changes when its counts are summed up, nor while they grow old', async () => {
  const start = clock.now();
  for (let age = 0; age < 31 * DAY; age += 7 * HOUR + 11 * MINUTE) await count(start - age);
  for (let age = 0; age < 3 * HOUR; age += MINUTE) await count(start - age, 2);
  const before = await charts(start);
  expect(before[0]).toMatchObject({ range: 'hour', delivered: 60 * 2 * 2 * 4 + 8, failed: 60 * 2 * 4 + 4 });
  await tallies.run();
  expect(await charts(start)).toEqual(before);
  for (const later of [HOUR, 5 * HOUR, DAY, 6 * DAY]) {
    clock.jump(later);
    const expected = await charts(clock.now());
    await tallies.close();
    tallies = restarted();
    await tallies.run();
    expect(await charts(clock.now())).toEqual(expected);
  }
});

it.each([
  ['minutes, while the last hour reaches it', 30 * MINUTE, MINUTE],
  ['quarters of an hour, while the last day does', 12 * HOUR, 15 * MINUTE],
  ['two hours, while the last week does', 3 * DAY, 2 * HOUR],
  ['eight hours, beyond', 20 * DAY, 8 * HOUR],
])('what is over is summed up by %s', async (_name, age, step) => {
  const end = Math.floor((clock.now() - age) / step) * step;
  for (let minute = 1; minute <= step / MINUTE; minute += 1) await count(end - minute * MINUTE);
  await tallies.run();
  const found = await relay.sql('select distinct at from tally where at >= $1', [new Date(end - step)]);
  expect(found).toEqual([{ at: new Date(end - step) }]);
});

it('the minute that goes on and the one before stay with those who count', async () => {
  const now = clock.now();
  for (const minute of [0, 1, 3, 4]) await count(now - minute * MINUTE);
  await tallies.run();
  const [left] = await relay.sql('select count(distinct minute)::int as minutes from rollup');
  expect(left).toEqual({ minutes: 2 });
});

it('a count that comes late, or twice to a minute already summed up, is not lost', async () => {
  const now = clock.now();
  for (const age of [HOUR / 2, 5 * HOUR, 3 * DAY]) await count(now - age);
  await tallies.run();
  for (const age of [HOUR / 2, 5 * HOUR, 3 * DAY]) await count(now - age, 10);
  const expected = await charts(now);
  expect(expected[3]).toMatchObject({ range: 'month', delivered: 33 * 2 * 4, failed: 33 * 4 });
  await tallies.run();
  expect([await charts(now), await rows('rollup')]).toEqual([expected, 0]);
});

it('a minute that is being counted is left for the next round, and nobody waits for the other', async () => {
  const now = clock.now();
  await count(now - 10 * MINUTE);
  const writer = new pg.Client({ connectionString: relay.databaseUrl });
  await writer.connect();
  try {
    await writer.query('begin');
    await writer.query(COUNT, [organizationId, new Date(now - 10 * MINUTE), apps, agents, 1]);
    await tallies.run();
    expect(await rows('rollup')).toBe(12);
    await writer.query('commit');
  } finally {
    await writer.end();
  }
  await tallies.run();
  expect(await rows('rollup')).toBe(0);
  expect((await charts(now))[0]).toMatchObject({ delivered: 16, failed: 8 });
});

it('two at once sum up once', async () => {
  const now = clock.now();
  for (let minute = 2; minute < 40; minute += 1) await count(now - minute * MINUTE);
  const expected = await charts(now);
  const other = restarted();
  await Promise.all([tallies.run(), other.run()]);
  await other.close();
  expect(await charts(now)).toEqual(expected);
});

it('a sum that is not that of its parts is found', async () => {
  const look = async () => {
    const found = await verifyConservation(relay.databaseUrl, { now: clock.now(), retentionDays: 30 });
    return found.find(({ rule }) => rule === 'rollups')?.violations;
  };
  await count(clock.now() - 10 * MINUTE);
  // No event is behind these: 12 rows for 12 events that are missing.
  expect(await look()).toBe(12);
  await tallies.run();
  expect(await look()).toBe(12);
  await relay.sql(`update tally set count = count + 5 where app_id = $1 and status = 'failed'`, [
    'ffffffff-ffff-ffff-ffff-ffffffffffff',
  ]);
  expect(await look()).toBe(12 + 3 * 5);
});
