import { expect, it } from 'vitest';
import { eventFrame, useRelay } from '../harness/room.ts';

const room = useRelay();
const EVENTS = 200;

it('an agent with much room gets a backlog of large payloads without being cut off for not reading it', async () => {
  const agent = await room.seed.agent({ maxInFlight: 1_000 });
  const from = await room.connect(await room.seed.app());
  const payload = { text: 'x'.repeat(60_000) };
  for (let n = 0; n < EVENTS; n += 1) {
    from.send(eventFrame(agent, { thread_id: `thread-${n}`, payload }));
    await from.find('accepted');
  }

  const to = await room.connect(agent);
  for (let n = 0; n < EVENTS; n += 1) {
    const { body } = await to.find('event');
    expect(body.attempt).toBe(1);
    to.send({ type: 'reply', event_id: body.event_id, content: '' });
  }
  await to.settled();
});
