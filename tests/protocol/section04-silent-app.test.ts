import { expect, it } from 'vitest';
import { ask, useRelay } from '../harness/room.ts';

const room = useRelay();
const EVENTS = 130;

it('a connection that acknowledges nothing keeps no outcomes from the others of its app', async () => {
  const { app, agent, from, to } = await room.pair({ maxInFlight: EVENTS });
  const expected = new Set<string>();
  for (let n = 0; n < EVENTS; n += 1) {
    expected.add((await ask(from, agent, { thread_id: `t${n}` })).event_id);
  }
  await from.close();
  for (const event_id of expected) {
    await to.find('event', { event_id });
    to.send({ type: 'reply', event_id, content: 'x' });
  }
  const settled = 'select 1 from event where app_id = $1 and settled_at is not null';
  await expect.poll(async () => (await room.relay.sql(settled, [app.id])).length).toBe(EVENTS);

  const silent = await room.connect(app, { protocols: ['relay.v1'], query: { ack: '1' } });
  const first = (await silent.find('reply')).body.event_id;
  const other = await room.connect(app, { protocols: ['relay.v1'] });
  const received = () => {
    const frames = [...silent.frames, ...other.frames].filter((frame) => frame.body.type === 'reply');
    return new Set(frames.map((frame) => frame.body.event_id));
  };
  expect(received()).toContain(first);
  for (let second = 0; second < 10 && received().size < EVENTS; second += 1) {
    room.clock.advance(1_100);
    await other.settled();
    await silent.settled();
  }
  await expect.poll(() => received().size).toBe(EVENTS);
});
