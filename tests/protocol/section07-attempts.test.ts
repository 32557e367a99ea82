import { expect, it } from 'vitest';
import { useRelay } from '../harness/room.ts';

const room = useRelay();

it("an event whose agent's connection is lost is offered to another connection with the next attempt", async () => {
  const { agent, from, to, ask } = await room.pair();
  const { event_id } = await ask();
  await to.next('event');
  const other = await room.connect(agent);
  await to.kill();
  expect((await other.next('event')).body).toMatchObject({ event_id, attempt: 2 });
  other.send({ type: 'reply', event_id, content: 'x', attempt: 2 });
  await from.next('reply');
});

it('an event whose agent is gone waits for it to come back', async () => {
  const { agent, from, to, ask } = await room.pair();
  const { event_id } = await ask();
  await to.next('event');
  await to.close();
  await from.settled();
  const again = await room.connect(agent);
  expect((await again.next('event')).body).toMatchObject({ event_id, attempt: 2 });
});

it('after three lost attempts the event fails with AGENT_ERROR, and the session goes on', async () => {
  const { agent, from, to, ask } = await room.pair();
  const { event_id } = await ask();
  await ask({ payload: { next: true } });
  let current = to;
  for (let attempt = 1; attempt <= 3; attempt += 1) {
    expect((await current.next('event')).body).toMatchObject({ event_id, attempt });
    await current.kill();
    if (attempt < 3) current = await room.connect(agent);
  }
  expect((await from.next('error')).body).toMatchObject({ event_id, code: 'AGENT_ERROR', retryable: true });
  expect(await room.stored(event_id)).toMatchObject({
    status: 'failed',
    error_code: 'AGENT_ERROR',
    attempts: 3,
  });
  const last = await room.connect(agent);
  expect((await last.next('event')).body).toMatchObject({ payload: { next: true }, attempt: 1 });
});

it('a lost connection costs an event that was not dispatched no attempt', async () => {
  const { agent, to, ask } = await room.pair();
  const first = await ask({ payload: { n: 1 } });
  await ask({ payload: { n: 2 } });
  await to.next('event');
  await to.kill();
  const again = await room.connect(agent);
  expect((await again.next('event')).body).toMatchObject({ event_id: first.event_id, attempt: 2 });
  again.send({ type: 'reply', event_id: first.event_id, content: 'x' });
  expect((await again.next('event')).body).toMatchObject({ payload: { n: 2 }, attempt: 1 });
});

it('connections closed because of the credential count as no loss', async () => {
  const { agent, to, ask } = await room.pair();
  const { event_id } = await ask();
  let current = to;
  for (let round = 0; round < 4; round += 1) {
    await current.find('event', { event_id });
    await room.mutate('deactivateAgent', { id: agent.globalId }, 'agent { id }');
    expect((await current.closed).code).toBe(4403);
    await room.mutate('reactivateAgent', { id: agent.globalId }, 'agent { id }');
    current = await room.connect(agent);
  }
  await current.find('event', { event_id });
  expect((await room.stored(event_id))['status']).toBe('pending');
});

it('a connection that fell silent loses its events to another one, and its late answer does not double', async () => {
  const agent = await room.seed.agent({ timeoutSeconds: 600 });
  const app = await room.seed.app();
  const half = await room.connect(agent, { autoPong: false });
  const from = await room.connect(app, { protocols: ['relay.v1'] });
  from.send({ type: 'event', agent_id: agent.slug, thread_id: 't', payload: {} });
  const { event_id } = (await from.find('accepted')).body;
  await half.next('event');
  half.socket.pause();
  for (let n = 0; n < 3; n += 1) {
    const pinged = new Promise((resolve) => from.socket.once('ping', resolve));
    room.clock.advance(31_000);
    await pinged;
    await from.settled();
  }
  const other = await room.connect(agent);
  expect((await other.find('event')).body).toMatchObject({ event_id, attempt: 2 });
  half.send({ type: 'reply', event_id, content: 'late' });
  other.send({ type: 'reply', event_id, content: 'second', attempt: 2 });
  await from.find('reply', { event_id });
  await from.settled();
  expect(from.frames.filter((frame) => frame.body.type === 'reply')).toHaveLength(1);
});
