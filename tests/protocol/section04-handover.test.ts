import { expect, it } from 'vitest';
import type { Client } from '../harness/client.ts';
import { lockedTable } from '../harness/outage.ts';
import { ask, useRelay } from '../harness/room.ts';
import type { Pair } from '../harness/room.ts';

const room = useRelay();

it('an outcome goes to the connection that sent the event, and to no other', async () => {
  const { app, from, to, ask } = await room.pair();
  const other = await room.connect(app);
  const { event_id } = await ask();
  await to.next('event');
  to.send({ type: 'reply', event_id, content: 'x' });
  await from.next('reply');
  await other.settled();
  expect(other.frames.map((frame) => frame.body.type)).toEqual(['pong']);
});

it('an outcome whose connection is gone goes to another connection of the app', async () => {
  const pair = await room.pair();
  const other = await room.connect(pair.app);
  const event_id = await answeredAfterLeaving(pair);
  room.clock.advance(2_000);
  expect((await other.find('reply')).body).toMatchObject({ event_id, reply: 'late' });
});

it('an outcome without any connection of its app waits for the next one', async () => {
  const pair = await room.pair();
  const event_id = await answeredAfterLeaving(pair);
  await settledInDatabase(event_id);
  const next = await room.connect(pair.app);
  room.clock.advance(2_000);
  expect((await next.find('reply')).body).toMatchObject({ event_id, reply: 'late' });
  await confirmed(event_id);
});

it('a plain connection gets what waited for its app two seconds after it connected, not whenever somebody looks', async () => {
  const { app, agent, from, to } = await room.pair();
  const { event_id } = await ask(from, agent);
  await from.close();
  to.send({ type: 'reply', event_id, content: 'waits' });
  await expect.poll(async () => (await room.stored(event_id))['status']).toBe('delivered');
  const next = await room.connect(app);
  const connected = room.clock.monotonic();
  // Whatever happens every second happens now, and then a second later.
  room.clock.advance(1_900);
  room.clock.advance(150);
  expect((await next.find('reply')).body.event_id).toBe(event_id);
  expect(room.clock.monotonic() - connected).toBeLessThan(2_850);
});

it("a plain connection with something unanswered gets no other connection's outcome before its own answer", async () => {
  const pair = await room.pair();
  const other = await room.connect(pair.app);
  const mine = await ask(other, pair.agent, { thread_id: 'mine' });
  await pair.to.next('event');
  const event_id = await answeredAfterLeaving(pair);
  await settledInDatabase(event_id);
  await other.settled();
  expect(other.frames.some((frame) => frame.body.event_id === event_id)).toBe(false);
  pair.to.send({ type: 'reply', event_id: mine.event_id, content: 'mine' });
  expect((await other.next('reply')).body.event_id).toBe(mine.event_id);
  room.clock.advance(2_000);
  expect((await other.find('reply')).body.event_id).toBe(event_id);
});

it("a plain connection that has asked who is there gets no other connection's outcome before that answer", async () => {
  const pair = await room.pair();
  const other = await room.connect(pair.app);
  const { event_id } = await pair.ask();
  await pair.to.next('event');
  await pair.from.kill();
  room.clock.advance(2_000);
  // Who is there has to be read anew, and cannot be.
  await lockedTable(room.relay.databaseUrl, 'allowlist_entry', async () => {
    await room.mutate('updateAgent', { id: pair.agent.globalId, maxSeconds: 60 }, 'agent { id }');
    other.send({ type: 'discover' });
    await other.settled();
    pair.to.send({ type: 'reply', event_id, content: 'late' });
    await settledInDatabase(event_id);
    await other.settled();
  });
  await other.next('agents');
  room.clock.advance(1_000);
  expect((await other.next('reply')).body.event_id).toBe(event_id);
});

it('an outcome counts as handed over only when a pong has come back for the ping behind it', async () => {
  const pair = await room.pair({}, { app: { autoPong: false } });
  const { event_id } = await pair.ask();
  await pair.to.next('event');
  const pinged = new Promise((resolve) => pair.from.socket.once('ping', resolve));
  pair.to.send({ type: 'reply', event_id, content: 'x' });
  await pair.from.next('reply');
  await pinged;
  expect((await room.stored(event_id))['handed_over_at']).toBeNull();

  await pair.from.kill();
  const next = await room.connect(pair.app);
  room.clock.advance(2_000);
  expect((await next.find('reply')).body.event_id).toBe(event_id);
  await confirmed(event_id);
});

it('an outcome that is handed over does not come again', async () => {
  const pair = await room.pair();
  const { event_id } = await pair.ask();
  await pair.to.next('event');
  pair.to.send({ type: 'reply', event_id, content: 'x' });
  await pair.from.next('reply');
  await confirmed(event_id);
  await pair.from.kill();
  const next = await room.connect(pair.app);
  room.clock.advance(2_000);
  const other = await ask(next, pair.agent);
  await pair.to.next('event');
  pair.to.send({ type: 'reply', event_id: other.event_id, content: 'y' });
  expect((await next.next('reply')).body.event_id).toBe(other.event_id);
});

it('a final error is handed over like a reply', async () => {
  const pair = await room.pair();
  const { event_id } = await pair.ask();
  await pair.to.next('event');
  await pair.from.kill();
  pair.to.send({ type: 'error', event_id, error: 'no' });
  await settledInDatabase(event_id);
  const next = await room.connect(pair.app);
  room.clock.advance(2_000);
  expect((await next.find('error')).body).toMatchObject({ event_id, code: 'AGENT_ERROR' });
});

it('with ack=1 a pong proves nothing: an outcome comes again after 30 s until it is acknowledged', async () => {
  const options = { protocols: ['relay.v1'], query: { ack: '1' } };
  const pair = await room.pair({}, { app: options });
  await pair.from.next('hello');
  const { event_id } = await pair.ask();
  await pair.to.next('event');
  pair.to.send({ type: 'reply', event_id, content: 'x' });
  await pair.from.next('reply');
  await pair.from.settled();
  expect((await room.stored(event_id))['handed_over_at']).toBeNull();
  room.clock.advance(31_000);
  expect((await pair.from.find('reply')).body.event_id).toBe(event_id);
  pair.from.send({ type: 'ack', event_id });
  await confirmed(event_id);
  room.clock.advance(31_000);
  await pair.from.settled();
  expect(pair.from.frames.filter((frame) => frame.body.type === 'reply')).toHaveLength(2);
});

it('with ack=1 what was not acknowledged comes again on the next connection', async () => {
  const options = { protocols: ['relay.v1'], query: { ack: '1' } };
  const pair = await room.pair({}, { app: options });
  const { event_id } = await pair.ask();
  await pair.to.next('event');
  pair.to.send({ type: 'reply', event_id, content: 'x' });
  await pair.from.find('reply');
  await pair.from.close();
  const next = await room.connect(pair.app, options);
  expect((await next.find('reply')).body.event_id).toBe(event_id);
  next.send({ type: 'ack', event_id });
  await confirmed(event_id);
});

it('an outcome that two connections were sent comes to neither again once one of them has acknowledged it', async () => {
  const options = { protocols: ['relay.v1'], query: { ack: '1' } };
  const pair = await room.pair({}, { app: options });
  const event_id = await answered(pair, { idempotency_key: 'k' });
  const other = await room.connect(pair.app, options);
  expect(await ask(other, pair.agent, { idempotency_key: 'k' })).toMatchObject({ event_id, duplicate: true });
  await other.find('reply', { event_id });
  other.send({ type: 'ack', event_id });
  await confirmed(event_id);
  expect(await timesSentHalfAMinuteLater(pair, event_id)).toBe(1);
});

it('an outcome that is asked for again just as it was acknowledged does not come for ever', async () => {
  const pair = await room.pair({}, { app: { protocols: ['relay.v1'], query: { ack: '1' } } });
  const event_id = await answered(pair, { idempotency_key: 'k' });
  pair.from.send({ type: 'ack', event_id });
  await pair.ask({ idempotency_key: 'k' });
  await pair.from.find('reply', { event_id });
  await confirmed(event_id);
  await pair.from.settled();
  pair.from.send({ type: 'ack', event_id });
  expect(await timesSentHalfAMinuteLater(pair, event_id)).toBe(2);
});

it("an ack for another app's event or for none at all changes nothing", async () => {
  const options = { protocols: ['relay.v1'], query: { ack: '1' } };
  const pair = await room.pair({}, { app: options });
  const { event_id } = await pair.ask();
  await pair.to.next('event');
  pair.to.send({ type: 'reply', event_id, content: 'x' });
  await pair.from.find('reply');
  const stranger = await room.connect(await room.seed.app(), options);
  stranger.send({ type: 'ack', event_id });
  stranger.send({ type: 'ack', event_id: 'evt_0000000000000000' });
  await stranger.settled();
  const probe = await pair.ask({ thread_id: 'probe' });
  expect(probe.event_id).not.toBe(event_id);
  expect((await room.stored(event_id))['handed_over_at']).toBeNull();
});

it('tokens end with the connection that sent the event; the reply does not', async () => {
  const pair = await room.pair();
  const other = await room.connect(pair.app);
  const { event_id } = await pair.ask();
  await pair.to.next('event');
  await pair.from.kill();
  pair.to.send({ type: 'token', event_id, token: 'unseen' });
  pair.to.send({ type: 'reply', event_id, content: 'whole' });
  room.clock.advance(2_000);
  expect((await other.next('reply')).body.reply).toBe('whole');
});

it('many waiting outcomes all reach the next connection, each once', async () => {
  const pair = await room.pair();
  const ids: string[] = [];
  for (let n = 0; n < 50; n += 1) ids.push((await pair.ask({ thread_id: `t${n}` })).event_id);
  const events = await collect(pair.to, 'event', 50);
  await pair.from.kill();
  for (const event of events) pair.to.send({ type: 'reply', event_id: event.event_id, content: 'x' });
  for (const id of ids) await settledInDatabase(id);
  const next = await room.connect(pair.app);
  room.clock.advance(2_000);
  const replies = await collect(next, 'reply', 50);
  expect(replies.map((reply) => reply.event_id).sort()).toEqual([...ids].sort());
});

it('an outcome nobody fetched in 7 days is no longer sent', async () => {
  const pair = await room.pair();
  const event_id = await answeredAfterLeaving(pair);
  await settledInDatabase(event_id);
  room.clock.advance(7 * 86_400_000 + 60_000);
  const next = await room.connect(pair.app);
  room.clock.advance(2_000);
  await next.settled();
  const other = await ask(next, pair.agent);
  await pair.to.find('event', { event_id: other.event_id });
  pair.to.send({ type: 'reply', event_id: other.event_id, content: 'new' });
  expect((await next.find('reply')).body.event_id).toBe(other.event_id);
  expect((await room.stored(event_id))['handed_over_at']).toBeNull();
});

/** The app asks and leaves; then the agent answers. */
async function answeredAfterLeaving(pair: Pair): Promise<string> {
  const { event_id } = await pair.ask({ thread_id: 'left' });
  await pair.to.find('event', { event_id });
  await pair.from.kill();
  pair.to.send({ type: 'reply', event_id, content: 'late' });
  return event_id;
}

/** The app asks, the agent answers, and the app has the answer. */
async function answered({ from, to, ask }: Pair, fields: Record<string, unknown> = {}): Promise<string> {
  const { event_id } = await ask(fields);
  await to.find('event', { event_id });
  to.send({ type: 'reply', event_id, content: 'x' });
  await from.find('reply', { event_id });
  return event_id;
}

/** How often the app was sent this reply, once all it has not acknowledged has come again. */
async function timesSentHalfAMinuteLater(pair: Pair, event_id: string): Promise<number> {
  const unacknowledged = await answered(pair);
  room.clock.advance(31_000);
  // What is sent again comes in the order of events.
  await pair.from.find('reply', { event_id: unacknowledged });
  return pair.from.frames.filter(({ body }) => body.type === 'reply' && body.event_id === event_id).length;
}

async function settledInDatabase(event_id: string): Promise<void> {
  await expect.poll(async () => (await room.stored(event_id))['settled_at']).not.toBeNull();
}

async function confirmed(event_id: string): Promise<void> {
  await expect.poll(async () => (await room.stored(event_id))['handed_over_at']).not.toBeNull();
}

async function collect(client: Client, type: string, count: number): Promise<{ event_id: string }[]> {
  const bodies = [];
  for (let n = 0; n < count; n += 1) bodies.push((await client.find(type)).body);
  return bodies;
}
