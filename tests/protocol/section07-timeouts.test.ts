import { expect, it } from 'vitest';
import { lockedTable } from '../harness/outage.ts';
import { eventFrame, useRelay } from '../harness/room.ts';

const room = useRelay();

it('an event without a frame about it for timeout_seconds fails with AGENT_TIMEOUT', async () => {
  const { agent, from, to, ask } = await room.pair({ timeoutSeconds: 10 });
  const { event_id } = await ask();
  await to.next('event');
  room.clock.advance(9_000);
  await from.settled();
  expect((await room.stored(event_id))['status']).toBe('pending');
  room.clock.advance(2_000);
  expect((await from.next('error')).body).toMatchObject({
    event_id,
    agent_id: agent.slug,
    code: 'AGENT_TIMEOUT',
    retryable: true,
  });
  expect(await room.stored(event_id)).toMatchObject({ status: 'failed', error_code: 'AGENT_TIMEOUT' });
});

it('a token starts the timeout anew', async () => {
  const { from, to, ask } = await room.pair({ timeoutSeconds: 10 });
  const { event_id } = await ask();
  await to.next('event');
  for (let n = 0; n < 3; n += 1) {
    room.clock.advance(8_000);
    to.send({ type: 'token', event_id, token: `t${n}` });
    await from.find('token');
  }
  room.clock.advance(11_000);
  expect((await from.next('error')).body.code).toBe('AGENT_TIMEOUT');
});

it('max_seconds ends an event however lively it is', async () => {
  const { from, to, ask } = await room.pair({ timeoutSeconds: 10, maxSeconds: 20 });
  const { event_id } = await ask();
  await to.next('event');
  for (let n = 0; n < 2; n += 1) {
    room.clock.advance(8_000);
    to.send({ type: 'token', event_id, token: `t${n}` });
    await from.find('token');
  }
  room.clock.advance(5_000);
  expect((await from.next('error')).body).toMatchObject({ event_id, code: 'AGENT_TIMEOUT' });
});

it('time spent waiting behind another event does not count', async () => {
  const { from, to, ask } = await room.pair({ timeoutSeconds: 10 });
  const first = await ask();
  const second = await ask();
  await to.next('event');
  room.clock.advance(8_000);
  to.send({ type: 'reply', event_id: first.event_id, content: 'x' });
  await from.next('reply');
  await to.next('event');
  room.clock.advance(8_000);
  to.send({ type: 'reply', event_id: second.event_id, content: 'y' });
  expect((await from.next('reply')).body.reply).toBe('y');
});

it('after a timeout the session is held until the late outcome comes, which is recorded as stale', async () => {
  const { from, to, ask } = await room.pair({ timeoutSeconds: 10 });
  const first = await ask({ payload: { n: 1 } });
  await ask({ payload: { n: 2 } });
  await to.next('event');
  room.clock.advance(11_000);
  await from.next('error');
  await to.settled();
  expect(to.frames.filter((frame) => frame.body.type === 'event')).toHaveLength(1);
  to.send({ type: 'reply', event_id: first.event_id, content: 'late' });
  expect((await to.next('event')).body.payload).toEqual({ n: 2 });
  await expect.poll(() => steps(first.event_id)).toContain('stale_outcome');
  expect(await room.stored(first.event_id)).toMatchObject({ status: 'failed', reply_content: null });
  await from.settled();
  expect(from.frames.some((frame) => frame.body.type === 'reply')).toBe(false);
});

it('after a timeout the session goes on without the late outcome once timeout_seconds more have passed', async () => {
  const { from, to, ask } = await room.pair({ timeoutSeconds: 10 });
  await ask({ payload: { n: 1 } });
  await ask({ payload: { n: 2 } });
  await to.next('event');
  room.clock.advance(11_000);
  await from.next('error');
  room.clock.advance(9_000);
  await to.settled();
  expect(to.frames.filter((frame) => frame.body.type === 'event')).toHaveLength(1);
  room.clock.advance(2_000);
  expect((await to.next('event')).body.payload).toEqual({ n: 2 });
});

it('a timeout in one session leaves the others alone', async () => {
  const { from, to, ask } = await room.pair({ timeoutSeconds: 10 });
  await ask({ thread_id: 'silent' });
  await to.next('event');
  room.clock.advance(8_000);
  const lively = await ask({ thread_id: 'lively' });
  await to.next('event');
  room.clock.advance(3_000);
  await from.find('error', { code: 'AGENT_TIMEOUT' });
  to.send({ type: 'reply', event_id: lively.event_id, content: 'x' });
  expect((await from.find('reply')).body.event_id).toBe(lively.event_id);
});

it('a timeout that changes while an event is being recorded counts for it', async () => {
  const { agent, from, to, ask } = await room.pair({}, { agent: { protocols: ['relay.v1'] } });
  const { event_id } = await ask({ thread_id: 'before' });
  const recording = async () => {
    from.send(eventFrame(agent, { thread_id: 'meanwhile' }));
    await from.settled();
    await room.mutate('updateAgent', { id: agent.globalId, timeoutSeconds: 1 }, 'agent { id }');
    room.clock.advance(1_500);
    // The new timeout is in force.
    await to.find('cancel', { event_id });
  };
  await lockedTable(room.relay.databaseUrl, 'event', recording, 'share');
  const { body } = await to.find('event', { thread_id: 'meanwhile' });
  room.clock.advance(1_500);
  await to.find('cancel', { event_id: body.event_id });
});

it('a step of the wall clock ends no event early', async () => {
  const { from, to, ask } = await room.pair({ timeoutSeconds: 10 });
  const { event_id } = await ask();
  await to.next('event');
  room.clock.jump(2 * 3_600_000);
  await from.settled();
  to.send({ type: 'reply', event_id, content: 'x' });
  expect((await from.find('reply')).body.event_id).toBe(event_id);
  room.clock.jump(-2 * 3_600_000);
});

async function steps(event_id: string): Promise<unknown[]> {
  const rows = await room.relay.sql('select kind from event_step where event_id = $1 order by id', [
    event_id,
  ]);
  return rows.map((row) => row['kind']);
}
