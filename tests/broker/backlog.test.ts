import { expect, it } from 'vitest';
import { useRelay } from '../harness/room.ts';

const room = useRelay({ backlog: 0, eventsPerMinute: 0, inFlight: 0 });

it('a backlog longer than memory holds is delivered whole, and each session in its order', async () => {
  const [app, agent] = await Promise.all([room.seed.app(), room.seed.agent()]);
  const from = await room.connect(app);
  const events = 5_000;
  const threads = 40;
  for (let n = 0; n < events; n += 1) {
    from.send({ type: 'event', agent_id: agent.slug, thread_id: `t${n % threads}`, payload: { n } });
  }
  for (let n = 0; n < events; n += 1) await from.next('accepted');

  const to = await room.connect(agent);
  const last = new Map<string, number>();
  for (let n = 0; n < events; n += 1) {
    const { body } = await to.next('event');
    expect(body.payload.n).toBeGreaterThan(last.get(body.thread_id) ?? -1);
    last.set(body.thread_id, body.payload.n);
    to.send({ type: 'reply', event_id: body.event_id, content: `answer ${body.payload.n}` });
  }

  const answered = new Set<number>();
  for (let n = 0; n < events; n += 1) answered.add((await from.next('reply')).body.payload.n);
  expect(answered.size).toBe(events);
});

it('an app that was away gets every outcome once, though there are more than go out at a time', async () => {
  const [app, agent] = await Promise.all([room.seed.app(), room.seed.agent()]);
  const sender = await room.connect(app);
  const events = 130;
  for (let n = 0; n < events; n += 1) {
    sender.send({ type: 'event', agent_id: agent.slug, thread_id: `t${n}`, payload: { n } });
  }
  for (let n = 0; n < events; n += 1) await sender.next('accepted');
  await sender.close();

  const to = await room.connect(agent, { protocols: ['relay.v1'] });
  for (let n = 0; n < events; n += 1) {
    const { body } = await to.find('event');
    to.send({ type: 'reply', event_id: body.event_id, content: 'done' });
  }
  for (let n = 0; n < events; n += 1) await to.find('recorded', { status: 'delivered' });

  const back = await room.connect(app, { protocols: ['relay.v1'] });
  const seen = new Map<string, number>();
  for (let n = 0; n < events; n += 1) {
    const { event_id } = (await back.find('reply')).body;
    seen.set(event_id, (seen.get(event_id) ?? 0) + 1);
  }
  await back.settled();
  expect(back.frames.filter((frame) => frame.body.type === 'reply')).toHaveLength(events);
  expect([...seen.values()].every((times) => times === 1)).toBe(true);
});
