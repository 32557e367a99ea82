import { expect, it } from 'vitest';
import { useRelay } from '../harness/room.ts';

const room = useRelay();

it('event carries exactly the documented fields, with a session key of three parts', async () => {
  const { app, to, ask } = await room.pair();
  const { event_id } = await ask({ thread_id: 'a:b', payload: { q: 1 } });
  expect((await to.next('event')).body).toEqual({
    type: 'event',
    event_id,
    app_id: app.slug,
    thread_id: 'a:b',
    session_key: `relay:${app.slug}:a:b`,
    payload: { q: 1 },
    attempt: 1,
  });
});

it('event passes the traceparent on', async () => {
  const { to, ask } = await room.pair();
  const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
  await ask({ traceparent });
  expect((await to.next('event')).body.traceparent).toBe(traceparent);
});

it('Relay sends agents a JSON ping every 30 s, and apps none', async () => {
  const { from, to } = await room.pair();
  await Promise.all([from.settled(), to.settled()]);
  room.clock.advance(30_500);
  await to.next('ping');
  to.send({ type: 'pong' });
  await from.settled();
  expect(from.frames.some((frame) => frame.body.type === 'ping')).toBe(false);
});

it('Relay sends everyone a WebSocket ping within 30 s', async () => {
  const { from, to } = await room.pair();
  const pinged = [from, to].map(
    (client) => new Promise<void>((resolve) => client.socket.once('ping', () => resolve())),
  );
  await Promise.all([from.settled(), to.settled()]);
  room.clock.advance(30_500);
  await Promise.all(pinged);
});

it.each(['app', 'agent'] as const)(
  'an %s without a sign of life for 60 s is closed with 4408',
  async (kind) => {
    const owner = await room.seed[kind]();
    const silent = await room.connect(owner, { autoPong: false });
    await silent.settled();
    room.clock.advance(31_000);
    room.clock.advance(31_000);
    room.clock.advance(31_000);
    expect((await silent.closed).code).toBe(4408);
  },
);

it.each(['app', 'agent'] as const)('any frame of an %s is a sign of life', async (kind) => {
  const owner = await room.seed[kind]();
  const client = await room.connect(owner, { autoPong: false });
  for (let n = 0; n < 6; n += 1) {
    await client.settled();
    room.clock.advance(25_000);
  }
  await client.settled();
});

it('a WebSocket pong alone is a sign of life', async () => {
  const app = await room.seed.app();
  const client = await room.connect(app);
  await client.settled();
  for (let n = 0; n < 4; n += 1) {
    const pinged = new Promise((resolve) => client.socket.once('ping', resolve));
    room.clock.advance(31_000);
    await pinged;
    // The pong went out before this ping does, so its answer shows that it was read.
    await client.settled();
  }
});

it('an extended agent is told what became of its outcomes', async () => {
  const extended = await room.pair({}, { agent: { protocols: ['relay.v1'] } });
  await extended.to.next('hello');
  const first = await extended.ask();
  await extended.to.next('event');
  extended.to.send({ type: 'reply', event_id: first.event_id, content: 'x' });
  expect((await extended.to.next('recorded')).body).toEqual({
    type: 'recorded',
    event_id: first.event_id,
    status: 'delivered',
  });
  extended.to.send({ type: 'reply', event_id: first.event_id, content: 'y' });
  expect((await extended.to.next('recorded')).body.status).toBe('duplicate');
  const second = await extended.ask();
  await extended.to.next('event');
  extended.to.send({ type: 'error', event_id: second.event_id, error: 'no' });
  expect((await extended.to.next('recorded')).body).toMatchObject({
    event_id: second.event_id,
    status: 'failed',
  });
});

it('a plain agent is not told what became of its outcomes', async () => {
  const plain = await room.pair();
  const third = await plain.ask();
  await plain.to.next('event');
  plain.to.send({ type: 'reply', event_id: third.event_id, content: 'x' });
  await plain.from.next('reply');
  await plain.to.settled();
  expect(plain.to.frames.map((frame) => frame.body.type)).toEqual(['event', 'pong']);
});

it('an extended agent is told to cancel what has timed out, and that a later answer is stale', async () => {
  const { from, to, ask } = await room.pair({ timeoutSeconds: 10 }, { agent: { protocols: ['relay.v1'] } });
  await to.next('hello');
  const { event_id } = await ask();
  await to.next('event');
  room.clock.advance(11_000);
  expect((await from.next('error')).body.code).toBe('AGENT_TIMEOUT');
  expect((await to.find('cancel')).body).toEqual({ type: 'cancel', event_id });
  to.send({ type: 'reply', event_id, content: 'late' });
  expect((await to.find('recorded')).body).toEqual({ type: 'recorded', event_id, status: 'stale' });
});
