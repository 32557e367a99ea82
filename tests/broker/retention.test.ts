import { afterEach, beforeEach, expect, it } from 'vitest';
import { eventIdFloor } from '../../server/domain/eventId.ts';
import { Retention } from '../../server/broker/retention.ts';
import { createLog } from '../../server/log.ts';
import { TestClock } from '../harness/clock.ts';
import { startTestRelay } from '../harness/server.ts';
import type { TestRelay } from '../harness/server.ts';

const DAY = 86_400_000;
const OWNER = '00000000-0000-0000-0000-000000000001';

let relay: TestRelay;
let clock: TestClock;
let retention: Retention;

beforeEach(async () => {
  relay = await startTestRelay();
  clock = new TestClock();
  retention = new Retention({ databaseUrl: relay.databaseUrl, days: 30, clock, log: createLog('silent') });
});
afterEach(async () => {
  await retention.close();
  await relay.close();
});

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
  await retention.run();
  expect(await partitionOf(later)).not.toBe('event_default');
});

it('finished events older than they are kept go; pending and not handed over ones stay', async () => {
  const now = clock.now();
  const old = { finished: now + 1, pending: now + 2, waiting: now + 3 };
  await record(old.finished, 'delivered', { handedOver: true });
  await record(old.pending, 'pending');
  await record(old.waiting, 'delivered', { settledAt: now + 59 * DAY });
  const before = await partitionOf(old.finished);
  clock.jump(60 * DAY);
  await retention.run();
  expect(await partitionOf(old.finished)).toBeNull();
  expect(await partitionOf(old.pending)).toBe('event_default');
  expect(await partitionOf(old.waiting)).toBe('event_default');
  expect(before).not.toBe('event_default');
});

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
  await relay.sql(
    `insert into event (id, organization_id, app_id, agent_id, agent_slug, thread_id, status, origin, payload, accepted_at,
       settled_at, handed_over_at)
     values ($1, $2, $2, $2, 'athena', 't', $3, 'app', '{}', $4, $5, $6)`,
    [idAt(at), OWNER, status, new Date(at), settled, handedOver ? settled : null],
  );
}

async function partitionOf(at: number): Promise<string | null> {
  const rows = await relay.sql('select tableoid::regclass::text as name from event where id = $1', [
    idAt(at),
  ]);
  return (rows[0]?.['name'] as string | undefined) ?? null;
}

function idAt(at: number): string {
  return `${eventIdFloor(at)}0000001`;
}
