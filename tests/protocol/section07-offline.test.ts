import { expect, it } from 'vitest';
import { ask, eventFrame, useRelay } from '../harness/room.ts';

const room = useRelay({ backlog: 5 });

it('events for an offline agent wait and are delivered in order when it connects', async () => {
  const { app, agent } = await absent();
  const from = await room.connect(app);
  const ids = [];
  for (let n = 1; n <= 4; n += 1) ids.push((await ask(from, agent, { payload: { n } })).event_id);
  for (const id of ids) expect((await room.stored(id))['status']).toBe('pending');
  const to = await room.connect(agent);
  for (let n = 1; n <= 4; n += 1) {
    const { body } = await to.next('event');
    expect(body).toMatchObject({ payload: { n }, attempt: 1 });
    to.send({ type: 'reply', event_id: body.event_id, content: `r${n}` });
    expect((await from.next('reply')).body.reply).toBe(`r${n}`);
  }
});

it('an event that waited longer than queue_seconds fails with AGENT_OFFLINE and is never delivered', async () => {
  const { app, agent } = await absent({ queueSeconds: 60 });
  const from = await room.connect(app);
  const { event_id } = await ask(from, agent);
  room.clock.advance(30_000);
  await from.settled();
  room.clock.advance(31_000);
  expect((await from.next('error')).body).toMatchObject({
    event_id,
    agent_id: agent.slug,
    code: 'AGENT_OFFLINE',
    retryable: true,
  });
  expect(await room.stored(event_id)).toMatchObject({ status: 'failed', error_code: 'AGENT_OFFLINE' });
  const to = await room.connect(agent);
  await to.settled();
  expect(to.frames.some((frame) => frame.body.type === 'event')).toBe(false);
});

it('if_offline "fail" is answered at once with AGENT_OFFLINE alone, and recorded as failed', async () => {
  const { app, agent } = await absent();
  const from = await room.connect(app);
  from.send(eventFrame(agent, { if_offline: 'fail', idempotency_key: 'k' }));
  const { body } = await from.next('error');
  expect(body).toMatchObject({ code: 'AGENT_OFFLINE', retryable: true, idempotency_key: 'k' });
  expect(await room.stored(body.event_id)).toMatchObject({ status: 'failed', error_code: 'AGENT_OFFLINE' });
  await from.settled();
  expect(from.frames.map((frame) => frame.body.type)).toEqual(['error', 'pong']);
});

it('if_offline "fail" changes nothing for an agent that is online', async () => {
  const { ask, to } = await room.pair();
  await ask({ if_offline: 'fail' });
  await to.next('event');
});

it('beyond the backlog an event is refused as RATE_LIMITED, and fits again when some have left', async () => {
  const { app, agent } = await absent();
  const from = await room.connect(app);
  for (let n = 0; n < 5; n += 1) await ask(from, agent);
  // While a home is opening it counts what waits only roughly; a few may slip in, but not many.
  const answers = [];
  for (let n = 0; n < 4; n += 1) {
    from.send(eventFrame(agent));
    answers.push((await from.find(['accepted', 'error'])).body);
  }
  const body = answers.at(-1);
  expect(body).toMatchObject({ event_id: null, code: 'RATE_LIMITED', retryable: true });
  expect(body.retry_after_ms).toBeGreaterThan(0);
  const to = await room.connect(agent);
  for (let n = 0; n < 5; n += 1) {
    const { event_id } = (await to.next('event')).body;
    to.send({ type: 'reply', event_id, content: 'x' });
    await from.find('reply', { event_id });
  }
  await ask(from, agent);
});

async function absent(settings: { queueSeconds?: number } = {}) {
  const [app, agent] = await Promise.all([room.seed.app(), room.seed.agent(settings)]);
  return { app, agent };
}
