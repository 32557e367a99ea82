import { describe, expect, it } from 'vitest';
import { ask, eventFrame, useRelay } from '../harness/room.ts';
import { Seed } from '../harness/seed.ts';

const room = useRelay();

it('an unknown agent, a foreign one and a deactivated one are refused in the same words', async () => {
  const app = await room.seed.app();
  const from = await room.connect(app);
  const elsewhere = await Seed.create((text, values) => room.relay.sql(text, values));
  const foreign = await elsewhere.agent({ slug: 'foreign' });
  const gone = await room.seed.agent({ slug: 'gone' });
  await room.relay.sql('update agent set deactivated_at = now() where id = $1', [gone.id]);
  const answers = [];
  for (const slug of ['absent', foreign.slug, gone.slug]) {
    from.send({ type: 'event', agent_id: slug, thread_id: 't', payload: {} });
    const { body } = await from.next('error');
    expect(body).toMatchObject({ agent_id: slug, code: 'AGENT_NOT_FOUND', retryable: false });
    expect(await room.stored(body.event_id)).toMatchObject({ status: 'rejected', agent_slug: slug });
    answers.push(body.error.replaceAll(slug, '…'));
  }
  expect(new Set(answers).size).toBe(1);
});

it('an event that is rejected gets its error alone', async () => {
  const from = await room.connect(await room.seed.app());
  from.send({ type: 'event', agent_id: 'absent', thread_id: 't', payload: {}, idempotency_key: 'k' });
  expect((await from.next('error')).body.idempotency_key).toBe('k');
  await from.settled();
  expect(from.frames.map((frame) => frame.body.type)).toEqual(['error', 'pong']);
});

it('an agent slug may be used in two organisations; each app reaches its own', async () => {
  const elsewhere = await Seed.create((text, values) => room.relay.sql(text, values));
  const [mine, theirs] = [
    await room.seed.agent({ slug: 'athena' }),
    await elsewhere.agent({ slug: 'athena' }),
  ];
  const [toMine, toTheirs] = [await room.connect(mine), await room.connect(theirs)];
  const [fromMine, fromTheirs] = [
    await room.connect(await room.seed.app()),
    await room.connect(await elsewhere.app()),
  ];
  await ask(fromMine, mine, { payload: { to: 'mine' } });
  await ask(fromTheirs, theirs, { payload: { to: 'theirs' } });
  expect((await toMine.next('event')).body.payload).toEqual({ to: 'mine' });
  expect((await toTheirs.next('event')).body.payload).toEqual({ to: 'theirs' });
});

it('no error shows a stack, a query or a path', async () => {
  const { agent, from } = await room.pair();
  from.send('{"type":');
  from.send(eventFrame(agent, { payload: 7 }));
  from.send({ type: 'event', agent_id: "'; select 1", thread_id: 't', payload: {} });
  for (let n = 0; n < 3; n += 1) {
    const { text } = await from.next('error');
    expect(text).not.toMatch(/\bat .*:\d+|node_modules|server\/|insert into|SQLSTATE/i);
  }
});

describe('limits', () => {
  const limited = useRelay({ eventsPerMinute: 3, inFlight: 2 });

  it('more events than a minute allows are RATE_LIMITED until the bucket fills again', async () => {
    const { agent, from, to } = await limited.pair();
    for (let n = 0; n < 3; n += 1) {
      await answered(from, to, agent);
    }
    from.send(eventFrame(agent));
    const { body } = await from.next('error');
    expect(body).toMatchObject({ event_id: null, code: 'RATE_LIMITED', retryable: true });
    expect(body.retry_after_ms).toBeGreaterThan(0);
    expect(body.retry_after_ms).toBeLessThanOrEqual(20_000);
    limited.clock.advance(body.retry_after_ms + 100);
    await answered(from, to, agent);
    from.send(eventFrame(agent));
    expect((await from.next('error')).body.code).toBe('RATE_LIMITED');
  });

  it('the limit is per app, over all its connections', async () => {
    const { app, agent, from, to } = await limited.pair();
    const second = await limited.connect(app);
    await answered(from, to, agent);
    await answered(second, to, agent);
    await answered(from, to, agent);
    second.send(eventFrame(agent));
    expect((await second.next('error')).body.code).toBe('RATE_LIMITED');
    const other = await limited.connect(await limited.seed.app());
    await answered(other, to, agent);
  });

  it('more events in flight than allowed are RATE_LIMITED, in other words, until one is answered', async () => {
    const { agent, from, to } = await limited.pair();
    const first = await ask(from, agent, { thread_id: 'a' });
    await ask(from, agent, { thread_id: 'b' });
    await to.next('event');
    await to.next('event');
    from.send(eventFrame(agent, { thread_id: 'c' }));
    const { body } = await from.next('error');
    expect(body).toMatchObject({ event_id: null, code: 'RATE_LIMITED', retryable: true });
    expect(body.error).toMatch(/flight/i);
    expect(body.retry_after_ms).toBeGreaterThan(0);
    to.send({ type: 'reply', event_id: first.event_id, content: 'x' });
    await from.next('reply');
    limited.clock.advance(20_000);
    await ask(from, agent, { thread_id: 'd' });
  });
});

async function answered(
  from: Awaited<ReturnType<typeof room.connect>>,
  to: Awaited<ReturnType<typeof room.connect>>,
  agent: Parameters<typeof ask>[1],
): Promise<void> {
  const { event_id } = await ask(from, agent);
  await to.find('event', { event_id });
  to.send({ type: 'reply', event_id, content: 'x' });
  await from.find('reply', { event_id });
}

it('an agent may make up a code of any name; it is a failure that may pass', async () => {
  const { from, to, ask } = await room.pair();
  for (const code of ['OUT_OF_TEA', 'constructor']) {
    const { event_id } = await ask();
    await to.find('event', { event_id });
    to.send({ type: 'error', event_id, error: 'No.', code });
    expect((await from.find('error', { event_id })).body).toMatchObject({ code, retryable: true });
  }
});
