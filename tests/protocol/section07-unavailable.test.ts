import { afterEach, expect, it } from 'vitest';
import { databaseAway, databaseBack } from '../harness/outage.ts';
import { ask, eventFrame, useRelay } from '../harness/room.ts';

const room = useRelay();

afterEach(() => databaseBack(room.relay.databaseUrl));

it('nothing is accepted while the database is away, and the same key is safe to send again afterwards', async () => {
  const { agent, from, to, app } = await room.pair();
  await databaseAway(room.relay.databaseUrl);
  from.send(eventFrame(agent, { idempotency_key: 'k' }));
  await from.settled();
  room.clock.advance(5_500);
  const { body } = await from.next('error');
  expect(body).toMatchObject({ code: 'UNAVAILABLE', retryable: true, idempotency_key: 'k' });
  expect(from.frames.some((frame) => frame.body.type === 'accepted')).toBe(false);

  await databaseBack(room.relay.databaseUrl);
  const again = await acceptedInTheEnd(from, agent);
  const rows = await room.relay.sql('select id from event where app_id = $1', [app.id]);
  expect(rows).toEqual([{ id: again }]);
  await to.find('event', { event_id: again });
});

it('a key whose event was given up while it waited for the database is free for the retry', async () => {
  const { agent, from } = await room.pair();
  await databaseAway(room.relay.databaseUrl);
  // The first is held by the writer, the second only waits behind it and is taken back after five seconds.
  from.send(eventFrame(agent, { idempotency_key: 'held' }));
  await from.settled();
  from.send(eventFrame(agent, { idempotency_key: 'waiting' }));
  await from.settled();
  room.clock.advance(5_500);
  await from.find('error', { idempotency_key: 'held', code: 'UNAVAILABLE' });
  await from.find('error', { idempotency_key: 'waiting', code: 'UNAVAILABLE' });

  await databaseBack(room.relay.databaseUrl);
  // Once this one is recorded, the database is known to be back.
  from.send(eventFrame(agent));
  const first = await from.find(['accepted', 'error']);
  expect(first.body.type).toBe('accepted');
  from.send(eventFrame(agent, { idempotency_key: 'waiting' }));
  await from.settled();
  const { body } = await from.find('accepted', { idempotency_key: 'waiting' });
  expect(body.duplicate).toBeUndefined();
});

it('an outcome that cannot be committed now is committed and handed over when it can', async () => {
  const { agent, from, to } = await room.pair();
  const { event_id } = await ask(from, agent);
  await to.find('event', { event_id });
  await databaseAway(room.relay.databaseUrl);
  to.send({ type: 'reply', event_id, content: 'kept' });
  await to.settled();
  expect(from.frames.some((frame) => frame.body.type === 'reply')).toBe(false);
  await databaseBack(room.relay.databaseUrl);
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
