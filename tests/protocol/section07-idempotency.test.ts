import { expect, it } from 'vitest';
import { ask, eventFrame, useRelay } from '../harness/room.ts';

const room = useRelay();

it('the same key yields the first event, marked as a duplicate, and nothing is delivered twice', async () => {
  const { app, to, ask } = await room.pair();
  const first = await ask({ idempotency_key: 'k' });
  expect(first).not.toHaveProperty('duplicate');
  const second = await ask({ idempotency_key: 'k' });
  expect(second).toEqual({ ...first, duplicate: true });
  await to.next('event');
  await to.settled();
  expect(to.frames.filter((frame) => frame.body.type === 'event')).toHaveLength(1);
  expect(await room.relay.sql('select id from event where app_id = $1', [app.id])).toHaveLength(1);
});

it('a duplicate of an answered event brings its outcome again', async () => {
  const { from, to, ask } = await room.pair();
  const { event_id } = await ask({ idempotency_key: 'k' });
  await to.next('event');
  to.send({ type: 'reply', event_id, content: 'x' });
  const first = await from.next('reply');
  from.send({ ...(await lastSent(event_id)), idempotency_key: 'k' });
  expect((await from.next('accepted')).body).toMatchObject({ event_id, duplicate: true });
  expect((await from.next('reply')).body).toEqual(first.body);
});

it('a duplicate sent on a new connection gets the outcome there when it comes', async () => {
  const { app, agent, from, to, ask: askThere } = await room.pair();
  const { event_id } = await askThere({ idempotency_key: 'k' });
  await to.next('event');
  await from.kill();
  const next = await room.connect(app);
  expect(await ask(next, agent, { idempotency_key: 'k' })).toMatchObject({ event_id, duplicate: true });
  to.send({ type: 'reply', event_id, content: 'x' });
  expect((await next.next('reply')).body.event_id).toBe(event_id);
});

it('a duplicate sent on a new connection in mid-answer hears no end without its beginning, and the whole reply', async () => {
  const { app, agent, from, to, ask: askThere } = await room.pair();
  const { event_id } = await askThere({ idempotency_key: 'k' });
  await to.next('event');
  to.send({ type: 'token', event_id, token: 'one ' });
  await from.find('token');
  await from.kill();
  const next = await room.connect(app);
  await ask(next, agent, { idempotency_key: 'k' });
  to.send({ type: 'token', event_id, token: 'two' });
  to.send({ type: 'reply', event_id, content: 'one two' });
  expect((await next.next('reply')).body).toMatchObject({ event_id, reply: 'one two' });
});

it('two connections that send an answered event again at the same time each get its outcome once more', async () => {
  const { app, agent, from, to, ask } = await room.pair();
  const other = await room.connect(app);
  const { event_id } = await ask({ idempotency_key: 'k' });
  await to.next('event');
  to.send({ type: 'reply', event_id, content: 'x' });
  await from.next('reply');
  const rounds = 10;
  for (let n = 0; n < rounds; n += 1) {
    for (const client of [from, other]) client.send(eventFrame(agent, { idempotency_key: 'k' }));
    for (const client of [from, other]) {
      expect((await client.next('accepted')).body).toMatchObject({ event_id, duplicate: true });
      expect((await client.next('reply')).body.event_id).toBe(event_id);
    }
  }
});

it('whoever sent the event first still gets all of its answer when another connection sends it again', async () => {
  const { app, agent, from, to, ask: askFirst } = await room.pair();
  const other = await room.connect(app);
  const { event_id } = await askFirst({ idempotency_key: 'k' });
  await to.next('event');
  to.send({ type: 'token', event_id, token: 'one ' });
  await from.next('token');
  await ask(other, agent, { idempotency_key: 'k' });
  to.send({ type: 'token', event_id, token: 'two' });
  to.send({ type: 'reply', event_id, content: 'one two' });
  expect((await from.next('token')).body).toMatchObject({ token: 'two', seq: 2 });
  for (const client of [from, other]) expect((await client.next('reply')).body.reply).toBe('one two');
});

it('an event sent again brings its outcome although a dead connection has not confirmed it, whatever else looks for it', async () => {
  const silent = { protocols: ['relay.v1'], autoPong: false };
  const { app, agent, from, to, ask } = await room.pair({}, { app: silent });
  const { event_id } = await ask({ idempotency_key: 'k' });
  await to.next('event');
  to.send({ type: 'reply', event_id, content: 'x' });
  await from.find('reply');
  const next = await room.connect(app, silent);
  await next.next('hello');
  for (let n = 0; n < 20; n += 1) {
    // Each one that comes has the outcomes looked for that wait for the app.
    const another = await room.connect(app, silent);
    next.send(eventFrame(agent, { idempotency_key: 'k' }));
    await next.next('accepted');
    expect((await next.next('reply')).body.event_id).toBe(event_id);
    await another.kill();
  }
});

it('keys sent side by side make one event', async () => {
  const { app, agent, from } = await room.pair();
  const other = await room.connect(app);
  for (let n = 0; n < 10; n += 1) {
    from.send(eventFrame(agent, { idempotency_key: 'same' }));
    other.send(eventFrame(agent, { idempotency_key: 'same' }));
  }
  const ids = new Set<string>();
  for (let n = 0; n < 10; n += 1) {
    ids.add((await from.find('accepted')).body.event_id);
    ids.add((await other.find('accepted')).body.event_id);
  }
  expect(ids.size).toBe(1);
  expect(await room.relay.sql('select id from event where app_id = $1', [app.id])).toHaveLength(1);
});

it.each([
  ['payload', { payload: { n: 2 } }],
  ['thread', { thread_id: 'other' }],
])('the same key with another %s is INVALID_MESSAGE and leaves the first alone', async (_, changed) => {
  const { from, agent, ask, to } = await room.pair();
  const { event_id } = await ask({ idempotency_key: 'k' });
  from.send(eventFrame(agent, { idempotency_key: 'k', ...changed }));
  const { body } = await from.next('error');
  expect(body).toMatchObject({ code: 'INVALID_MESSAGE', retryable: false, idempotency_key: 'k' });
  await to.next('event');
  to.send({ type: 'reply', event_id, content: 'x' });
  expect((await from.next('reply')).body).toMatchObject({ event_id, payload: { n: 1 } });
});

it('the same key for another agent is INVALID_MESSAGE', async () => {
  const { from, ask } = await room.pair();
  const other = await room.seed.agent();
  await ask({ idempotency_key: 'k' });
  from.send(eventFrame(other, { idempotency_key: 'k' }));
  expect((await from.next('error')).body.code).toBe('INVALID_MESSAGE');
});

it('payloads are compared by their bytes', async () => {
  const { agent, from } = await room.pair();
  const frame = (payload: string) =>
    `{"type":"event","agent_id":"${agent.slug}","thread_id":"t","idempotency_key":"k","payload":${payload}}`;
  from.send(frame('{"a":1.0}'));
  await from.next('accepted');
  from.send(frame('{"a":1.00}'));
  expect((await from.next('error')).body.code).toBe('INVALID_MESSAGE');
  from.send(frame('  {"a":1.0} '));
  expect((await from.next('accepted')).body.duplicate).toBe(true);
});

it('keys of different apps have nothing to do with each other', async () => {
  const { agent, ask: askFirst } = await room.pair();
  const other = await room.connect(await room.seed.app());
  const first = await askFirst({ idempotency_key: 'k' });
  const second = await ask(other, agent, { idempotency_key: 'k' });
  expect(second.event_id).not.toBe(first.event_id);
  expect(second).not.toHaveProperty('duplicate');
});

it('a key is free again after 24 h', async () => {
  const { app, agent, ask: askFirst, from } = await room.pair();
  const first = await askFirst({ idempotency_key: 'k' });
  await from.close();
  room.clock.advance(86_400_000 + 1_000);
  const later = await room.connect(app);
  const second = await ask(later, agent, { idempotency_key: 'k' });
  expect(second.event_id).not.toBe(first.event_id);
});

it('a retryable failure releases its key, so that sending again tries again', async () => {
  const { from, to, ask } = await room.pair();
  const first = await ask({ idempotency_key: 'k' });
  await to.next('event');
  to.send({ type: 'error', event_id: first.event_id, error: 'busy' });
  await from.next('error');
  const second = await ask({ idempotency_key: 'k' });
  expect(second.event_id).not.toBe(first.event_id);
  expect(second).not.toHaveProperty('duplicate');
});

it('if_offline "fail" releases its key too', async () => {
  const app = await room.seed.app();
  const agent = await room.seed.agent();
  const from = await room.connect(app);
  from.send(eventFrame(agent, { idempotency_key: 'k', if_offline: 'fail' }));
  await from.next('error');
  await room.connect(agent);
  expect(await ask(from, agent, { idempotency_key: 'k', if_offline: 'fail' })).not.toHaveProperty(
    'duplicate',
  );
});

it('a rejected event keeps its key: the same key yields the same rejection, also once the cause is gone', async () => {
  const { agent, from } = await room.pair();
  const other = await room.seed.app();
  const change = (name: string) =>
    room.mutate(name, { agentId: agent.globalId, appId: other.globalId }, 'agent { id }');
  await change('allowApp');
  from.send(eventFrame(agent, { idempotency_key: 'k' }));
  const first = (await from.next('error')).body;
  expect(first).toMatchObject({ code: 'NOT_ALLOWED', retryable: false, idempotency_key: 'k' });
  await change('disallowApp');
  from.send(eventFrame(agent, { idempotency_key: 'k' }));
  expect((await from.next('error')).body).toEqual(first);
  expect(await ask(from, agent, { idempotency_key: 'another' })).not.toHaveProperty('duplicate');
});

async function lastSent(event_id: string): Promise<Record<string, unknown>> {
  const { agent_slug, thread_id, payload } = await room.stored(event_id);
  return { type: 'event', agent_id: agent_slug, thread_id, payload: JSON.parse(String(payload)) };
}
