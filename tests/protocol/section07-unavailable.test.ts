import pg from 'pg';
import { afterEach, expect, inject, it } from 'vitest';
import { ask, eventFrame, useRelay } from '../harness/room.ts';

const room = useRelay();

afterEach(databaseBack);

it('nothing is accepted while the database is away, and the same key is safe to send again afterwards', async () => {
  const { agent, from, to, app } = await room.pair();
  await databaseAway();
  from.send(eventFrame(agent, { idempotency_key: 'k' }));
  await from.settled();
  room.clock.advance(5_500);
  const { body } = await from.next('error');
  expect(body).toMatchObject({ code: 'UNAVAILABLE', retryable: true, idempotency_key: 'k' });
  expect(from.frames.some((frame) => frame.body.type === 'accepted')).toBe(false);

  await databaseBack();
  const again = await acceptedInTheEnd(from, agent);
  const rows = await room.relay.sql('select id from event where app_id = $1', [app.id]);
  expect(rows).toEqual([{ id: again }]);
  await to.find('event', { event_id: again });
});

it('an outcome that cannot be committed now is committed and handed over when it can', async () => {
  const { agent, from, to } = await room.pair();
  const { event_id } = await ask(from, agent);
  await to.find('event', { event_id });
  await databaseAway();
  to.send({ type: 'reply', event_id, content: 'kept' });
  await to.settled();
  expect(from.frames.some((frame) => frame.body.type === 'reply')).toBe(false);
  await databaseBack();
  expect((await from.find('reply')).body).toMatchObject({ event_id, reply: 'kept' });
  expect(await room.stored(event_id)).toMatchObject({ status: 'delivered' });
});

type App = Awaited<ReturnType<typeof room.pair>>['from'];
type Agent = Awaited<ReturnType<typeof room.pair>>['agent'];

/** Retries with the same key, as an app should, until Relay has its database again. */
async function acceptedInTheEnd(from: App, agent: Agent): Promise<string> {
  for (;;) {
    from.send(eventFrame(agent, { idempotency_key: 'k' }));
    const answer = await from.find(['accepted', 'error']);
    if (answer.body.type === 'accepted') return answer.body.event_id;
    expect(answer.body.code).toBe('UNAVAILABLE');
  }
}

async function databaseAway(): Promise<void> {
  await administer(
    (name) => `alter database ${name} allow_connections false`,
    (name) => `select pg_terminate_backend(pid) from pg_stat_activity where datname = '${name}'`,
  );
}

async function databaseBack(): Promise<void> {
  await administer((name) => `alter database ${name} allow_connections true`);
}

async function administer(...statements: ((name: string) => string)[]): Promise<void> {
  const name = new URL(room.relay.databaseUrl).pathname.slice(1);
  const client = new pg.Client({ connectionString: inject('postgres') });
  await client.connect();
  for (const statement of statements) await client.query(statement(name));
  await client.end();
}
