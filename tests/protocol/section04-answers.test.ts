import { expect, it } from 'vitest';
import { useRelay } from '../harness/room.ts';

const room = useRelay();

it('accepted carries exactly the documented fields', async () => {
  const { app, agent, ask } = await room.pair();
  const accepted = await ask({ thread_id: 'task:1' });
  expect(accepted).toEqual({
    type: 'accepted',
    event_id: expect.stringMatching(/^evt_[0-9a-z]+$/),
    agent_id: agent.slug,
    session_key: `relay:${agent.slug}:${app.slug}:task:1`,
    status: 'accepted',
  });
});

it('accepted means committed', async () => {
  const { ask } = await room.pair();
  const { event_id } = await ask({ payload: { committed: true } });
  expect(await room.stored(event_id)).toMatchObject({ payload: '{"committed":true}' });
});

it('an answer is accepted, then tokens counted from 1, then the whole reply', async () => {
  const { app, agent, from, to, ask } = await room.pair();
  const { event_id } = await ask({ thread_id: 'task-1', payload: { q: 'why' } });
  const event = (await to.next('event')).body;
  for (let n = 1; n <= 20; n += 1) to.send({ type: 'token', event_id, token: `t${n} ` });
  to.send({
    type: 'reply',
    event_id,
    content: 'the whole answer',
    metadata: { tokens_used: 20, model: 'm-1', latency_ms: 12.5 },
  });
  expect(event.event_id).toBe(event_id);

  const reply = (await from.find('reply')).body;
  expect(reply).toEqual({
    type: 'reply',
    event_id,
    agent_id: agent.slug,
    thread_id: 'task-1',
    reply: 'the whole answer',
    payload: { q: 'why' },
    metadata: {
      tokens_used: 20,
      model: 'm-1',
      latency_ms: 12.5,
      session_key: `relay:${agent.slug}:${app.slug}:task-1`,
    },
  });
  const tokens = from.frames.filter((frame) => frame.body.type === 'token').map((frame) => frame.body);
  expect(tokens.map((token) => token.seq)).toEqual(tokens.map((_, at) => at + 1));
  expect(tokens.map((token) => token.token).join('')).toBe(
    Array.from({ length: 20 }, (_, at) => `t${at + 1} `).join(''),
  );
  expect(Object.keys(tokens[0]).sort()).toEqual(['agent_id', 'event_id', 'seq', 'token', 'type']);
  expect(tokens[0]).toMatchObject({ event_id, agent_id: agent.slug });
  expect(from.frames.map((frame) => frame.body.type)).toEqual([
    'accepted',
    ...tokens.map(() => 'token'),
    'reply',
  ]);
});

it('a reply is handed on only after it is committed', async () => {
  const { from, to, ask } = await room.pair();
  const { event_id } = await ask();
  await to.next('event');
  to.send({ type: 'reply', event_id, content: 'x' });
  await from.next('reply');
  expect(await room.stored(event_id)).toMatchObject({ status: 'delivered', reply_content: '"x"' });
});

it('a reply without metadata carries the session key alone', async () => {
  const { app, agent, from, to, ask } = await room.pair();
  const { event_id } = await ask();
  await to.next('event');
  to.send({ type: 'reply', event_id, content: '' });
  expect((await from.next('reply')).body).toMatchObject({
    reply: '',
    metadata: { session_key: `relay:${agent.slug}:${app.slug}:thread` },
  });
});

it("an agent's error reaches the app with its code, as the event's outcome", async () => {
  const { agent, from, to, ask } = await room.pair();
  const first = await ask();
  await to.next('event');
  to.send({ type: 'error', event_id: first.event_id, error: 'The model is out.' });
  expect((await from.next('error')).body).toMatchObject({
    event_id: first.event_id,
    agent_id: agent.slug,
    error: 'The model is out.',
    code: 'AGENT_ERROR',
    retryable: true,
  });
  const second = await ask();
  await to.next('event');
  to.send({ type: 'error', event_id: second.event_id, error: 'Too slow.', code: 'AGENT_TIMEOUT' });
  expect((await from.next('error')).body).toMatchObject({ code: 'AGENT_TIMEOUT', retryable: true });
  expect(await room.stored(first.event_id)).toMatchObject({ status: 'failed', error_code: 'AGENT_ERROR' });
});

it('an extended app is told to discard the tokens of a lost attempt and sees those of the next', async () => {
  const { agent, from, to, ask } = await room.pair({}, { app: { protocols: ['relay.v1'] } });
  await from.next('hello');
  const { event_id } = await ask();
  await to.next('event');
  to.send({ type: 'token', event_id, token: 'lost ' });
  await from.find('token', { token: 'lost ' });
  await to.kill();
  const again = await room.connect(agent);
  expect((await again.next('event')).body).toMatchObject({ event_id, attempt: 2 });
  again.send({ type: 'token', event_id, token: 'found', attempt: 2 });
  again.send({ type: 'reply', event_id, content: 'found', attempt: 2 });
  expect((await from.next('restart')).body).toEqual({ type: 'restart', event_id, attempt: 2 });
  expect((await from.next('token')).body).toMatchObject({ token: 'found' });
  expect((await from.next('reply')).body.reply).toBe('found');
});

it('a plain app gets no tokens of attempts above 1, and the whole reply', async () => {
  const { agent, from, to, ask } = await room.pair();
  const { event_id } = await ask();
  await to.next('event');
  to.send({ type: 'token', event_id, token: 'lost ' });
  await from.next('token');
  await to.kill();
  const again = await room.connect(agent);
  await again.next('event');
  again.send({ type: 'token', event_id, token: 'found', attempt: 2 });
  again.send({ type: 'reply', event_id, content: 'found', attempt: 2 });
  expect((await from.next('reply')).body.reply).toBe('found');
});
