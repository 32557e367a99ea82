import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { expect, it } from 'vitest';
import { Conservation, verifyConservation } from '../../server/broker/conservation.ts';
import { dropPartition } from '../../server/broker/sql/partition.ts';
import { createLog } from '../../server/log.ts';
import { createMetrics } from '../../server/metrics.ts';
import { TestProcess } from '../harness/process.ts';
import { ask, useRelay } from '../harness/room.ts';

const room = useRelay();

const sql = (text: string, values?: unknown[]) => room.relay.sql(text, values);

/** The rules that are broken, each with its violations. */
async function broken(): Promise<Record<string, number>> {
  const found = await verifyConservation(room.relay.databaseUrl, { now: Date.now(), retentionDays: 30 });
  return Object.fromEntries(
    found.filter(({ violations }) => violations > 0).map(({ rule, violations }) => [rule, violations]),
  );
}

/** One event of each status, and one timeline step. */
async function history(): Promise<{ delivered: string; pending: string }> {
  const { agent, from, to } = await room.pair();
  const answered = await ask(from, agent, { idempotency_key: 'first' });
  to.send({ type: 'reply', event_id: answered.event_id, content: 'done' });
  await from.find('reply');
  to.send({ type: 'reply', event_id: answered.event_id, content: 'again' });
  const failed = await ask(from, agent, { thread_id: 'other' });
  to.send({ type: 'error', event_id: failed.event_id, error: 'no' });
  await from.find('error', { event_id: failed.event_id });
  from.send({ type: 'event', agent_id: 'nobody', thread_id: 't', payload: {} });
  await from.find('error', { code: 'AGENT_NOT_FOUND' });
  const waiting = await ask(from, agent, { thread_id: 'waits' });
  return { delivered: answered.event_id, pending: waiting.event_id };
}

it('a history of every status breaks no rule', async () => {
  await history();
  await expect.poll(async () => (await sql('select 1 from event_step')).length).toBe(1);
  expect(await broken()).toEqual({});
});

it('an event that lost what belongs to its status is found', async () => {
  const { delivered } = await history();
  await sql('update event set reply_content = null where id = $1', [delivered]);
  expect(await broken()).toEqual({ balance: 1 });
  await sql('update event set reply_content = $2 where id = $1', [delivered, '"done"']);
});

it('an event that is gone is missed by what counted it, its steps and its key', async () => {
  const { delivered } = await history();
  await expect.poll(async () => (await steps(delivered)).length).toBe(1);
  await sql('create table kept as select * from event where id = $1', [delivered]);
  await sql('delete from event where id = $1', [delivered]);
  expect(await broken()).toEqual({ rollups: 1, orphans: 2 });
  await sql('insert into event select * from kept');
});

const steps = (eventId: string) => sql('select 1 from event_step where event_id = $1', [eventId]);

it('a second event under one key, and an outcome beside another, are found', async () => {
  const { pending, delivered } = await history();
  await sql(`update event set idempotency_key = 'first' where id = $1`, [pending]);
  await sql(`update event set error_code = 'AGENT_ERROR' where id = $1`, [delivered]);
  expect(await broken()).toEqual({ doubles: 2 });
  await sql('update event set idempotency_key = null where id = $1', [pending]);
  await sql('update event set error_code = null where id = $1', [delivered]);
});

// While the only node's lease has run out, as it does on a machine that stands still for seconds, no live node could have
// watched the event and nothing is overdue: the next heartbeat makes it so again.
it('a pending event past every deadline is found', async () => {
  const { pending } = await history();
  await sql(`update event set accepted_at = accepted_at - interval '2 days' where id = $1`, [pending]);
  await sql(`update node set started_at = started_at - interval '2 days'`);
  await expect.poll(broken).toEqual({ overdue: 1 });
  await sql(`update event set accepted_at = accepted_at + interval '2 days' where id = $1`, [pending]);
  await sql(`update node set started_at = started_at + interval '2 days'`);
});

/**
 * Ways to break one thing, what has to be done over and over for it to stay broken, how it is undone, and what is found
 * meanwhile. `$1` is the pending event of the history.
 */
const WAYS = [
  {
    what: 'a pending event of an app that is not there',
    broken: `update event set app_id = agent_id where id = $1`,
    whole: `update event e set app_id = a.id from app a where e.id = $1 and a.organization_id = e.organization_id`,
    found: { orphans: 1 },
  },
  {
    what: 'a pending event for no agent',
    broken: `update event set agent_id = null where id = $1`,
    whole: `update event e set agent_id = a.id from agent a where e.id = $1 and a.slug = e.agent_slug and a.organization_id = e.organization_id`,
    found: { orphans: 1 },
  },
  {
    what: 'a pending event with the mark of an outcome',
    broken: `update event set handed_over_at = now() where id = $1`,
    whole: `update event set handed_over_at = null where id = $1`,
    found: { doubles: 1 },
  },
  {
    what: 'a pending event that no live node watches',
    broken: `with longer as (update node set started_at = started_at - interval '1 hour')
      update event set accepted_at = accepted_at - interval '10 minutes' where id = $1`,
    // Whoever looks for agents without a home takes it back.
    still: `update agent a set home_node = null from event e where e.id = $1 and a.id = e.agent_id`,
    whole: `with shorter as (update node set started_at = started_at + interval '1 hour'),
      home as (update agent a set home_node = n.id from event e, node n where e.id = $1 and a.id = e.agent_id)
      update event set accepted_at = accepted_at + interval '10 minutes' where id = $1`,
    found: { overdue: 1 },
  },
  {
    what: 'a count behind the charts of an event that is not there',
    // Of a minute to come: nothing else is counted there, nor is it summed up meanwhile.
    broken: `insert into rollup (organization_id, minute, app_id, agent_id, status, bucket, count)
      select organization_id, date_trunc('minute', now()) + interval '1 hour', app_id, agent_id, 'failed', -1, 1 from event where id = $1`,
    whole: `delete from rollup r using event e where e.id = $1 and r.app_id = e.app_id and r.minute > now()`,
    found: { rollups: 1 },
  },
];

it.each(WAYS.map((way) => [way.what, way] as const))('%s is found', async (_what, way) => {
  const { broken: breaking, still = 'select $1', whole, found } = way;
  const { pending } = await history();
  await sql(breaking, [pending]);
  const look = async () => {
    await sql(still, [pending]);
    return broken();
  };
  await expect.poll(look).toEqual(found);
  await sql(whole, [pending]);
  expect(await broken()).toEqual({});
});

it('a connection of a dead node is found, until a live one has removed it', async () => {
  const { pending } = await history();
  await sql(`update node set started_at = started_at - interval '1 hour'`);
  const ghost = `insert into connection (id, node_id, epoch, organization_id, kind, owner_id, token_id, protocol, connected_at)
    select 'ghost', 'dead', 0, organization_id, 'app', app_id, app_id, 'plain', now() - interval '1 hour' from event where id = $1
    on conflict do nothing`;
  await expect
    .poll(async () => {
      await sql(ghost, [pending]);
      return broken();
    })
    .toEqual({ ghosts: 1 });
  await sql(`update node set started_at = started_at + interval '1 hour'`);
  await expect.poll(() => sql(`select 1 from connection where id = 'ghost'`), { timeout: 8_000 }).toEqual([]);
});

it('a partition that is taken out meanwhile takes no event away from what is counted', async () => {
  await history();
  const retention = new pg.Client({ connectionString: room.relay.databaseUrl });
  await retention.connect();
  const names = await retention.query<{ name: string }>(
    'select distinct tableoid::regclass::text as name from event',
  );
  await retention.query('begin');
  for (const { name } of names.rows)
    if (name !== 'event_default') await dropPartition(retention, name, 'true');
  const found = broken();
  const waits = `select 1 from pg_stat_activity where datname = current_database() and application_name = 'relay-verify'
    and wait_event_type = 'Lock'`;
  await expect.poll(() => sql(waits)).toHaveLength(1);
  await retention.query('commit');
  await retention.end();
  expect(await found).toEqual({});
});

it('a look at the latest events shows on the metrics what it found', async () => {
  const { delivered } = await history();
  await sql('update event set reply_content = null where id = $1', [delivered]);
  const metrics = createMetrics();
  const { databaseUrl } = room.relay;
  const shared = { databaseUrl, retentionDays: 30, clock: room.clock, log: createLog('silent'), metrics };
  const conservation = new Conservation(shared);
  await conservation.run();
  await conservation.close();
  const text = await metrics.registry.metrics();
  expect(text).toContain('relay_conservation_violations{rule="balance"} 1');
  expect(text).toContain('relay_conservation_violations{rule="doubles"} 0');
  await sql('update event set reply_content = $2 where id = $1', [delivered, '"done"']);
});

it('the command line ends with 0 on a sound database and with 1, naming the rule, on another', async () => {
  await history();
  const env = { DATABASE_URL: room.relay.databaseUrl, RELAY_SECRET: 'x'.repeat(32) };
  const sound = new TestProcess('server/cli.ts', ['verify'], env);
  expect([await sound.ended, sound.stderr]).toEqual([0, '']);
  expect(sound.stdout).toContain('ok    No event has two outcomes');
  await sql('insert into event_step (id, event_id, at, kind) values ($1, $2, now(), $3)', [
    randomUUID(),
    'evt_zzzzzzzzz0000001',
    'timed_out',
  ]);
  const unsound = new TestProcess('server/cli.ts', ['verify'], env);
  expect(await unsound.ended).toBe(1);
  expect(unsound.stdout).toContain('bad   1 rows belong to an app');
});
