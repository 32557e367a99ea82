import { expect, it } from 'vitest';
import type { Client } from '../harness/client.ts';
import { ask, eventFrame, useRelay } from '../harness/room.ts';

const room = useRelay();

it('events of one session are offered one at a time, in the order they were accepted', async () => {
  const { agent, from, to } = await room.pair();
  for (let n = 1; n <= 5; n += 1) from.send(eventFrame(agent, { payload: { n } }));
  const accepted: string[] = [];
  for (let n = 1; n <= 5; n += 1) accepted.push((await from.find('accepted')).body.event_id);
  for (let n = 1; n <= 5; n += 1) {
    const { body } = await to.next('event');
    expect(body).toMatchObject({ event_id: accepted[n - 1], payload: { n } });
    // Whatever Relay had to say before it answered this ping is here now: no second event beside the first.
    await to.settled();
    expect(to.frames.filter((frame) => frame.body.type === 'event')).toHaveLength(n);
    to.send({ type: 'reply', event_id: body.event_id, content: `r${n}` });
    expect((await from.next('reply')).body.reply).toBe(`r${n}`);
  }
});

it('the next event of a session follows an error just as it follows a reply', async () => {
  const { to, ask } = await room.pair();
  await ask({ payload: { n: 1 } });
  await ask({ payload: { n: 2 } });
  const first = (await to.next('event')).body;
  to.send({ type: 'error', event_id: first.event_id, error: 'no' });
  expect((await to.next('event')).body.payload).toEqual({ n: 2 });
});

it('different sessions run side by side: a slow one holds nobody up', async () => {
  const { to, ask, from } = await room.pair();
  await ask({ thread_id: 'slow' });
  await to.next('event');
  const quick = await ask({ thread_id: 'quick' });
  expect((await to.next('event')).body.thread_id).toBe('quick');
  to.send({ type: 'reply', event_id: quick.event_id, content: 'x' });
  expect((await from.next('reply')).body.thread_id).toBe('quick');
});

it('a session belongs to one app: the same thread of another app runs beside it', async () => {
  const { agent, to, ask: askFirst } = await room.pair();
  const second = await room.connect(await room.seed.app());
  await askFirst({ thread_id: 'same' });
  await to.next('event');
  await ask(second, agent, { thread_id: 'same' });
  await to.next('event');
});

it('a connection holds at most max_in_flight events; the next starts when one has its outcome', async () => {
  const { to, ask } = await room.pair({ maxInFlight: 2 });
  for (let n = 1; n <= 4; n += 1) await ask({ thread_id: `t${n}` });
  const first = (await to.next('event')).body;
  await to.next('event');
  await to.settled();
  expect(to.frames.filter((frame) => frame.body.type === 'event')).toHaveLength(2);
  to.send({ type: 'reply', event_id: first.event_id, content: 'x' });
  expect((await to.next('event')).body.thread_id).toBe('t3');
  await to.settled();
  expect(to.frames.filter((frame) => frame.body.type === 'event')).toHaveLength(3);
});

it('a second connection of the agent adds as much again', async () => {
  const { agent, to, ask } = await room.pair({ maxInFlight: 1 });
  await ask({ thread_id: 't1' });
  await to.next('event');
  await ask({ thread_id: 't2' });
  await to.settled();
  const second = await room.connect(agent);
  expect((await second.next('event')).body.thread_id).toBe('t2');
});

it('a session stays with one connection while that lives', async () => {
  const { agent, from, to, ask } = await room.pair();
  const others = await Promise.all([room.connect(agent), room.connect(agent)]);
  const clients = [to, ...others];
  const held = new Map<string, Client>();
  for (let round = 0; round < 5; round += 1) {
    const asked = new Map<string, string>();
    for (const thread of ['a', 'b', 'c', 'd']) asked.set(thread, (await ask({ thread_id: thread })).event_id);
    for (const [thread, event_id] of asked) {
      const holder = await whoGot(clients, event_id);
      expect(held.get(thread) ?? holder).toBe(holder);
      held.set(thread, holder);
      holder.send({ type: 'reply', event_id, content: 'x' });
      await from.find('reply', { event_id });
    }
  }
  expect(new Set(held.values()).size).toBeGreaterThan(1);
});

it('a session whose connection ended goes on with another one, in order', async () => {
  const { agent, to, ask, from } = await room.pair();
  await ask({ payload: { n: 1 } });
  await to.next('event');
  await ask({ payload: { n: 2 } });
  const second = await room.connect(agent);
  await to.close();
  for (const n of [1, 2]) {
    const { body } = await second.next('event');
    expect(body.payload).toEqual({ n });
    second.send({ type: 'reply', event_id: body.event_id, content: `r${n}` });
    expect((await from.next('reply')).body.reply).toBe(`r${n}`);
  }
});

it('hundreds of events over many sessions keep their order within each', async () => {
  const { agent, from, to } = await room.pair();
  const seen = new Map<string, number[]>();
  to.hear((message) => {
    if (message.type !== 'event') return;
    seen.set(message.thread_id, [...(seen.get(message.thread_id) ?? []), message.payload.n]);
    to.send({ type: 'reply', event_id: message.event_id, content: 'x' });
  });
  for (let n = 0; n < 400; n += 1) from.send(eventFrame(agent, { thread_id: `t${n % 20}`, payload: { n } }));
  for (let n = 0; n < 400; n += 1) await from.find('reply');
  for (const numbers of seen.values()) expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
  expect([...seen.values()].flat()).toHaveLength(400);
});

it('an event with a key keeps its place before the one without that was sent right behind it', async () => {
  const { agent, from, to } = await room.pair();
  for (let n = 0; n < 10; n += 1) {
    const thread_id = `t${n}`;
    from.send(eventFrame(agent, { thread_id, payload: { first: true }, idempotency_key: `k${n}` }));
    from.send(eventFrame(agent, { thread_id, payload: { first: false } }));
    expect((await from.next('accepted')).body.idempotency_key).toBe(`k${n}`);
    await from.next('accepted');
    expect((await to.next('event')).body).toMatchObject({ thread_id, payload: { first: true } });
  }
});

async function whoGot(clients: Client[], event_id: string): Promise<Client> {
  for (;;) {
    const holder = clients.find((client) => client.frames.some((frame) => frame.body.event_id === event_id));
    if (holder) return holder;
    await Promise.race(
      clients.map((client) => new Promise((resolve) => client.socket.once('message', resolve))),
    );
  }
}
