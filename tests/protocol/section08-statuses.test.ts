import { expect, it } from 'vitest';
import { eventFrame, useRelay } from '../harness/room.ts';

const room = useRelay();

it('an event is pending until its outcome is committed, then delivered, with every step in the timeline', async () => {
  const { from, to, ask } = await room.pair();
  const { event_id } = await ask({ payload: { q: 1 } });
  await to.next('event');
  expect(await history(event_id)).toMatchObject({ status: 'PENDING', latencyMs: null, reply: null });
  to.send({ type: 'token', event_id, token: 'a' });
  to.send({ type: 'reply', event_id, content: 'answer' });
  await from.find('reply');
  await expect.poll(async () => (await history(event_id)).handedOverAt).not.toBeNull();
  const event = await history(event_id);
  expect(event).toMatchObject({
    status: 'DELIVERED',
    payload: '{"q":1}',
    reply: '"answer"',
    error: null,
    attempts: 1,
  });
  expect(event.latencyMs).toBeGreaterThanOrEqual(0);
  expect(event.timeline.map((step) => step.kind)).toEqual([
    'ACCEPTED',
    'DISPATCHED',
    'FIRST_TOKEN',
    'REPLIED',
    'HANDED_OVER',
  ]);
  const times = event.timeline.map((step) => Date.parse(step.at));
  expect(times).toEqual([...times].sort((a, b) => a - b));
  expect(event.timeline[1]).toMatchObject({ attempt: 1, connectionId: expect.any(String) });
});

it('a failed event carries its code and no latency', async () => {
  const { from, to, ask } = await room.pair();
  const { event_id } = await ask();
  await to.next('event');
  to.send({ type: 'error', event_id, error: 'The model is out.' });
  await from.next('error');
  expect(await history(event_id)).toMatchObject({
    status: 'FAILED',
    latencyMs: null,
    error: { code: 'AGENT_ERROR', message: 'The model is out.', retryable: true },
  });
});

it('an event of an app that is not on the allowlist is recorded as rejected', async () => {
  const { agent, from, to } = await room.pair();
  const other = await room.seed.app();
  await room.mutate('allowApp', { agentId: agent.globalId, appId: other.globalId }, 'agent { id }');
  from.send(eventFrame(agent));
  const { body } = await from.next('error');
  const event = await history(body.event_id);
  expect(event).toMatchObject({ status: 'REJECTED', error: { code: 'NOT_ALLOWED', retryable: false } });
  // Answered on the spot, so there is nothing to hand over.
  expect(event.handedOverAt).toBeNull();
  expect(event.timeline.map((step) => step.kind)).toEqual(['ACCEPTED', 'REJECTED']);
  await to.settled();
  expect(to.frames.some((frame) => frame.body.type === 'event')).toBe(false);
});

it('a lost attempt and its successor are both in the timeline', async () => {
  const { agent, from, to, ask } = await room.pair();
  const { event_id } = await ask();
  await to.next('event');
  await to.kill();
  const again = await room.connect(agent);
  await again.next('event');
  again.send({ type: 'reply', event_id, content: 'x' });
  await from.next('reply');
  await expect
    .poll(async () => (await history(event_id)).timeline.map((step) => step.kind))
    .toEqual(['ACCEPTED', 'DISPATCHED', 'CONNECTION_LOST', 'DISPATCHED', 'REPLIED', 'HANDED_OVER']);
});

it('malformed, oversized and rate-limited messages are not stored', async () => {
  const { app, agent, from } = await room.pair();
  from.send('nonsense');
  from.send(eventFrame(agent, { thread_id: 7 }));
  from.send(eventFrame(agent, { payload: { big: 'x'.repeat(70_000) } }));
  for (let n = 0; n < 3; n += 1) await from.next('error');
  expect(await room.relay.sql('select id from event where app_id = $1', [app.id])).toEqual([]);
});

interface Shown {
  status: string;
  payload: string;
  reply: string | null;
  latencyMs: number | null;
  attempts: number;
  handedOverAt: string | null;
  error: { code: string } | null;
  timeline: { kind: string; at: string; attempt: number | null; connectionId: string | null }[];
}

async function history(id: string): Promise<Shown> {
  const { event } = await room.graphql<{ event: Shown }>(
    `query E($id: ID!) { event(id: $id) {
      status payload reply latencyMs attempts handedOverAt error { code message retryable }
      timeline { kind at attempt connectionId }
    } }`,
    { id },
  );
  return event;
}
