import { expect, it } from 'vitest';
import { createTestDatabase } from '../harness/postgres.ts';
import { connect } from '../harness/client.ts';
import { eventFrame, useRelay } from '../harness/room.ts';
import { Seed } from '../harness/seed.ts';
import { startTestRelay } from '../harness/server.ts';

const room = useRelay();

it.each([
  ['app', 256 * 1024],
  ['agent', 2 * 1024 * 1024],
] as const)('1009: an %s may send a frame of %i bytes and not one more', async (kind, bytes) => {
  const owner = await room.seed[kind]();
  const client = await room.connect(owner);
  const frame = (length: number) => `{"type":"ping","x":"${'x'.repeat(length - 22)}"}`;
  expect(frame(bytes)).toHaveLength(bytes);
  client.send(frame(bytes));
  await client.next('pong');
  client.send(frame(bytes + 1));
  expect((await client.closed).code).toBe(1009);
});

it('1009: a frame in a million fragments is no way around it, and others do not notice', async () => {
  const { from, to, ask } = await room.pair();
  const attacker = await room.connect(await room.seed.app());
  const fragment = () => attacker.socket.send('x', { fin: false });
  for (let n = 0; n < 20_000 && attacker.socket.readyState === attacker.socket.OPEN; n += 1) fragment();
  const { event_id } = await ask();
  await to.next('event');
  to.send({ type: 'reply', event_id, content: 'x' });
  await from.next('reply');
});

it.each(['app', 'agent'] as const)('4400: an %s may send 20 malformed messages a minute', async (kind) => {
  const client = await room.connect(await room.seed[kind]());
  for (let n = 0; n < 20; n += 1) client.send('nonsense');
  for (let n = 0; n < 20; n += 1) await client.next('error');
  await client.settled();
  client.send('nonsense');
  expect((await client.closed).code).toBe(4400);
});

it('4400: a payload that is too large is not malformed, and the connection stays open', async () => {
  const { agent, from } = await room.pair();
  const frame = eventFrame(agent, { payload: { text: 'x'.repeat(65_536) } });
  for (let n = 0; n < 25; n += 1) from.send(frame);
  for (let n = 0; n < 25; n += 1) {
    expect((await from.next('error')).body.code).toBe('PAYLOAD_TOO_LARGE');
  }
  await from.settled();
});

it('4400: the count is of a minute, not of a life', async () => {
  const client = await room.connect(await room.seed.app());
  for (let round = 0; round < 3; round += 1) {
    for (let n = 0; n < 15; n += 1) client.send('nonsense');
    for (let n = 0; n < 15; n += 1) await client.next('error');
    for (let half = 0; half < 3; half += 1) {
      room.clock.advance(21_000);
      await client.settled();
    }
  }
});

it.each(['app', 'agent'] as const)(
  '4429: an %s that sends more than 200 frames a second that are no events is closed',
  async (kind) => {
    const client = await room.connect(await room.seed[kind]());
    for (let n = 0; n < 500; n += 1) client.send({ type: 'ping' });
    expect((await client.closed).code).toBe(4429);
  },
);

it.each(['app', 'agent'] as const)('4429: WebSocket pings of an %s are such frames too', async (kind) => {
  const client = await room.connect(await room.seed[kind]());
  let pongs = 0;
  client.socket.on('pong', () => {
    pongs += 1;
    client.socket.ping();
  });
  client.socket.ping();
  expect((await client.closed).code).toBe(4429);
  expect(pongs).toBeGreaterThanOrEqual(200);
});

it('4429: a second may bring 200 WebSocket pings, all at once too, and each is answered', async () => {
  const client = await room.connect(await room.seed.app());
  let pongs = 0;
  client.socket.on('pong', () => (pongs += 1));
  for (let n = 0; n < 199; n += 1) client.socket.ping();
  await client.settled();
  expect(pongs).toBe(199);
});

it('4429: an agent that says more about unknown events than can be looked up is closed, and others do not notice', async () => {
  const { from, to, ask } = await room.pair();
  const attacker = await room.connect(await room.seed.agent());
  for (let n = 0; n < 20_000; n += 1) {
    attacker.send({ type: 'reply', event_id: `evt_${String(n).padStart(16, '0')}`, content: '' });
  }
  expect((await attacker.closed).code).toBe(4429);
  const { event_id } = await ask();
  await to.next('event');
  to.send({ type: 'reply', event_id, content: 'x' });
  await from.next('reply');
});

it('4429: streaming an answer is no flood', async () => {
  const { from, to, ask } = await room.pair();
  const { event_id } = await ask();
  await to.next('event');
  for (let n = 0; n < 2_000; n += 1) to.send({ type: 'token', event_id, token: 'x' });
  to.send({ type: 'reply', event_id, content: 'done' });
  await from.find('reply');
  const tokens = from.frames.filter((frame) => frame.body.type === 'token');
  expect(tokens.map((frame) => frame.body.token).join('')).toBe('x'.repeat(2_000));
});

it('4413: an app that does not read is closed, its outcome waits, and others do not notice', async () => {
  const { app, from, to, ask } = await room.pair();
  const { event_id } = await ask();
  await to.next('event');
  from.socket.pause();
  const other = await room.connect(app, { protocols: ['relay.v1'] });
  const token = 'x'.repeat(256 * 1024);
  for (let n = 0; n < 80; n += 1) {
    to.send({ type: 'token', event_id, token });
    if (n % 10 === 0) await to.settled();
  }
  to.send({ type: 'reply', event_id, content: 'kept' });
  expect((await other.find('reply')).body).toMatchObject({ event_id, reply: 'kept' });
  from.socket.resume();
  expect((await from.closed).code).toBe(4413);
});

it('1012: Relay says that it restarts, and everything accepted is there afterwards', async () => {
  const database = await createTestDatabase();
  const first = await startTestRelay({ databaseUrl: database.url });
  const seed = await Seed.create((text, values) => first.sql(text, values));
  const [app, agent] = [await seed.app(), await seed.agent()];
  const to = await connect(`${first.wsUrl}/v1/ws/agent`, { token: agent.token });
  const from = await connect(`${first.wsUrl}/v1/ws/app`, { token: app.token });
  for (let n = 0; n < 3; n += 1) {
    from.send({ type: 'event', agent_id: agent.slug, thread_id: 't', payload: { n } });
  }
  const ids = [];
  for (let n = 0; n < 3; n += 1) ids.push((await from.find('accepted')).body.event_id);
  await to.next('event');
  await first.close();
  expect((await from.closed).code).toBe(1012);
  expect((await to.closed).code).toBe(1012);

  const second = await startTestRelay({ databaseUrl: database.url });
  const toAgain = await connect(`${second.wsUrl}/v1/ws/agent`, { token: agent.token });
  const fromAgain = await connect(`${second.wsUrl}/v1/ws/app`, { token: app.token });
  for (const [n, event_id] of ids.entries()) {
    const { body } = await toAgain.next('event');
    expect(body).toMatchObject({ event_id, payload: { n } });
    toAgain.send({ type: 'reply', event_id, content: `r${n}` });
    expect((await fromAgain.find('reply')).body).toMatchObject({ event_id, reply: `r${n}` });
  }
  await second.close();
  await database.drop();
});

it('a drain is told to extended clients, refuses new work and lets what is in flight end', async () => {
  const relay = await startTestRelay();
  const seed = await Seed.create((text, values) => relay.sql(text, values));
  const [app, agent] = [await seed.app(), await seed.agent()];
  const protocols = ['relay.v1'];
  const to = await connect(`${relay.wsUrl}/v1/ws/agent`, { token: agent.token, protocols });
  const from = await connect(`${relay.wsUrl}/v1/ws/app`, { token: app.token, protocols });
  from.send({ type: 'event', agent_id: agent.slug, thread_id: 't', payload: {} });
  const { event_id } = (await from.find('accepted')).body;
  await to.find('event');
  const drained = relay.relay.drain();
  expect((await from.find('notice')).body).toMatchObject({ code: 'DRAINING', message: expect.any(String) });
  expect((await to.find('notice')).body).toMatchObject({ code: 'DRAINING' });
  from.send({ type: 'event', agent_id: agent.slug, thread_id: 'new', payload: {} });
  expect((await from.find('error')).body).toMatchObject({ code: 'UNAVAILABLE', retryable: true });
  to.send({ type: 'reply', event_id, content: 'in time' });
  expect((await from.find('reply')).body.reply).toBe('in time');
  await drained;
  await relay.close();
  expect((await from.closed).code).toBe(1012);
});
