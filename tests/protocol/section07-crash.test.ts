import { rmSync } from 'node:fs';
import type { Pool } from 'pg';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createPool } from '../../server/database/pool.ts';
import { closeClients, connect } from '../harness/client.ts';
import type { Client } from '../harness/client.ts';
import { LedgerApp } from '../harness/ledger.ts';
import { createTestDatabase } from '../harness/postgres.ts';
import type { TestDatabase } from '../harness/postgres.ts';
import { temporaryFolder } from '../harness/process.ts';
import { Proxy } from '../harness/proxy.ts';
import { startRelayProcess } from '../harness/relayProcess.ts';
import type { RelayProcess } from '../harness/relayProcess.ts';
import { Seed } from '../harness/seed.ts';
import type { Owner } from '../harness/seed.ts';

let database: TestDatabase;
let pool: Pool;
let relay: RelayProcess;
let seed: Seed;
let app: Owner;
let agent: Owner;

beforeEach(async () => {
  database = await createTestDatabase();
  pool = createPool(database.url, 2);
  relay = await startRelayProcess(database.url);
  seed = await Seed.create(async (text, values) => (await pool.query(text, values)).rows);
  [app, agent] = [await seed.app(), await seed.agent()];
});

afterEach(async () => {
  await closeClients();
  await relay.kill();
  await pool.end();
  await database.drop();
});

it('Relay killed again and again under load loses nothing, doubles nothing and keeps the order', async () => {
  const events = 400;
  const ledger = new LedgerApp(app);
  const seen = new Map<string, number[]>();
  await ledger.connect(relay.wsUrl);
  await answering(seen);
  for (let n = 0; n < events; n += 1) ledger.ask(agent, `k${n}`, `t${n % 10}`, { n });
  for (const reached of [80, 220]) {
    await ledger.reached(reached);
    await crash();
    await answering(seen);
    await ledger.connect(relay.wsUrl);
  }
  await ledger.settled(events);

  const { rows } = await pool.query('select id, status, idempotency_key, reply_content from event');
  expect(rows).toHaveLength(events);
  for (const row of rows) {
    expect(row.status).toBe('delivered');
    expect(ledger.accepted.get(row.idempotency_key)).toBe(row.id);
    // Handed over at least once, and every time with the one recorded answer.
    expect(new Set(ledger.outcomes.get(row.id))).toEqual(new Set([JSON.parse(row.reply_content)]));
  }
  expect(ledger.outcomes.size).toBe(events);
  for (const numbers of seen.values()) {
    const firstOffers = numbers.filter((number, at) => numbers.indexOf(number) === at);
    expect(firstOffers).toEqual([...firstOffers].sort((a, b) => a - b));
  }
}, 60_000);

it('a crash between the commit and `accepted` costs nothing: the same key finds the same event', async () => {
  await relay.kill();
  const toDatabase = await Proxy.open(() => Number(new URL(database.url).port));
  const through = new URL(database.url);
  through.port = String(toDatabase.port);
  relay = await startRelayProcess(through.href);
  const from = await connect(`${relay.wsUrl}/v1/ws/app`, { token: app.token });
  await askOne(from);
  // The commit happens; the news of it does not arrive.
  toDatabase.silence('down');
  const event = { type: 'event', agent_id: agent.slug, thread_id: 't', payload: {}, idempotency_key: 'k' };
  from.send(event);
  const committed = async () =>
    (await pool.query<{ id: string }>(`select id from event where idempotency_key = 'k'`)).rows[0]?.id;
  await expect.poll(committed).toBeDefined();
  expect(from.frames.filter((frame) => frame.body.type === 'accepted')).toHaveLength(1);
  await relay.kill();
  await toDatabase.close();
  relay = await startRelayProcess(database.url);
  const again = await connect(`${relay.wsUrl}/v1/ws/app`, { token: app.token });
  again.send(event);
  expect((await again.find('accepted')).body).toMatchObject({ event_id: await committed(), duplicate: true });
  expect((await pool.query('select 1 from event')).rowCount).toBe(2);
}, 60_000);

it('an outcome committed before the crash is handed over on the next connection', async () => {
  const from = await connect(`${relay.wsUrl}/v1/ws/app`, { token: app.token, autoPong: false });
  const to = await connect(`${relay.wsUrl}/v1/ws/agent`, { token: agent.token });
  const event_id = await askOne(from);
  await to.find('event');
  to.send({ type: 'reply', event_id, content: 'kept' });
  await from.find('reply');
  await crash();
  const next = await connect(`${relay.wsUrl}/v1/ws/app`, { token: app.token });
  expect((await next.find('reply')).body).toMatchObject({ event_id, reply: 'kept' });
});

it("a crash of Relay in mid-answer costs the event none of the agent's attempts, and its reply is whole", async () => {
  let from = await connect(`${relay.wsUrl}/v1/ws/app`, { token: app.token });
  let to = await connect(`${relay.wsUrl}/v1/ws/agent`, { token: agent.token });
  const event_id = await askOne(from);
  for (let round = 0; round < 3; round += 1) {
    await to.find('event', { event_id });
    to.send({ type: 'token', event_id, token: 'half ' });
    await crash();
    to = await connect(`${relay.wsUrl}/v1/ws/agent`, { token: agent.token });
    from = await connect(`${relay.wsUrl}/v1/ws/app`, { token: app.token });
  }
  await to.find('event', { event_id });
  to.send({ type: 'reply', event_id, content: 'the whole' });
  expect((await from.find('reply')).body).toMatchObject({ event_id, reply: 'the whole' });
}, 60_000);

it('a node that starts again after a crash shows nobody as connected who is not, from the first answer on', async () => {
  const dataDir = { RELAY_DATA_DIR: temporaryFolder() };
  await relay.kill();
  relay = await startRelayProcess(database.url, dataDir);
  await twoInstances();
  await relay.kill();
  relay = await startRelayProcess(database.url, dataDir);
  const shown = await watching();
  expect(await shown()).toEqual({ connected: false, instances: [] });
  await connect(`${relay.wsUrl}/v1/ws/app`, { token: app.token });
  expect(await shown()).toMatchObject({ connected: true, instances: [{}] });
  rmSync(dataDir.RELAY_DATA_DIR, { recursive: true });
}, 60_000);

it('another node shows the connections of one that crashed until its lease has ended, and then tells that they are gone', async () => {
  await twoInstances();
  await relay.kill();
  const dataDir = temporaryFolder();
  // Nobody can know yet that the lease will not be renewed.
  await pool.query(`update node set lease_expires_at = now() + interval '1 hour'`);
  relay = await startRelayProcess(database.url, { RELAY_DATA_DIR: dataDir });
  const shown = await watching();
  expect(await shown()).toMatchObject({ connected: true, instances: [{}, {}] });
  await pool.query('update node set lease_expires_at = now() where epoch < (select max(epoch) from node)');
  expect(await shown()).toEqual({ connected: false, instances: [] });
  expect((await pool.query('select 1 from connection')).rowCount).toBe(0);
  rmSync(dataDir, { recursive: true });
}, 60_000);

it('SIGTERM under load ends with exit code 0 within 30 s, and nothing accepted is lost', async () => {
  const ledger = new LedgerApp(app);
  await ledger.connect(relay.wsUrl);
  await answering(new Map());
  for (let n = 0; n < 100; n += 1) ledger.ask(agent, `k${n}`, `t${n % 10}`, { n });
  await ledger.reached(20);
  const started = performance.now();
  expect(await relay.terminate()).toBe(0);
  expect(performance.now() - started).toBeLessThan(30_000);
  relay = await startRelayProcess(database.url);
  await answering(new Map());
  await ledger.connect(relay.wsUrl);
  await ledger.settled(100);
  const { rows } = await pool.query('select status, count(*)::int as count from event group by 1');
  expect(rows).toEqual([{ status: 'delivered', count: 100 }]);
}, 60_000);

async function twoInstances(): Promise<void> {
  for (const _ of [1, 2]) await connect(`${relay.wsUrl}/v1/ws/app`, { token: app.token });
  await expect.poll(async () => (await pool.query('select 1 from connection')).rowCount).toBe(2);
}

/** Follows the app as a dashboard does: how its connection is told to be, now and whenever it changes. */
async function watching(): Promise<() => Promise<unknown>> {
  const dashboard = await connect(`${relay.wsUrl}/graphql`, { protocols: ['graphql-transport-ws'] });
  const query = `subscription ($id: ID!) { appConnectionChanged(appId: $id) {
    connection { connected instances { client } } } }`;
  dashboard.send({ type: 'connection_init', payload: { authorization: `Bearer ${seed.key.token}` } });
  await dashboard.find('connection_ack');
  dashboard.send({ type: 'subscribe', id: '1', payload: { query, variables: { id: app.globalId } } });
  return async () => (await dashboard.find('next')).body.payload.data.appConnectionChanged.connection;
}

/**
 * Kills Relay and starts it again. The dead node's lease, which ends 10 s later by the database's clock, is ended at
 * once: a test need not wait for what is certain.
 */
async function crash(): Promise<void> {
  await relay.kill();
  await pool.query('update node set lease_expires_at = now()');
  relay = await startRelayProcess(database.url);
}

/** An agent that answers at once and notes, per thread, what it was offered in which order. */
async function answering(seen: Map<string, number[]>): Promise<void> {
  const to = await connect(`${relay.wsUrl}/v1/ws/agent`, { token: agent.token });
  to.hear((message) => {
    if (message.type !== 'event') return;
    seen.set(message.thread_id, [...(seen.get(message.thread_id) ?? []), message.payload.n]);
    to.send({ type: 'token', event_id: message.event_id, token: 'half ' });
    to.send({ type: 'reply', event_id: message.event_id, content: `answer ${message.payload.n}` });
  });
}

async function askOne(from: Client): Promise<string> {
  from.send({ type: 'event', agent_id: agent.slug, thread_id: 't', payload: {} });
  return (await from.find('accepted')).body.event_id;
}
