import { expect, it, vi } from 'vitest';
import type { Client } from '../harness/client.ts';
import type { Frame } from '../harness/frames.ts';
import { eventFrame, useRelay } from '../harness/room.ts';

const room = useRelay({ eventsPerMinute: 3 });

const isAnswer = ({ body }: Frame) => ['accepted', 'error'].includes(body.type);
const answersOf = (clients: Client[]) =>
  clients.reduce((sum, client) => sum + client.frames.filter(isAnswer).length, 0);

/** An app of so many connections, and somebody else who stays calm. */
async function crowd(connections: number) {
  const [app, agent] = await Promise.all([room.seed.app(), room.seed.agent()]);
  const flooding = await Promise.all(Array.from({ length: connections }, () => room.connect(app)));
  const calm = await room.connect(await room.seed.app());
  const frame = JSON.stringify(eventFrame(agent));
  const flood = (each: number) => {
    for (let n = 0; n < each; n += 1) for (const client of flooding) client.send(frame);
  };
  return { app, flooding, flood, calm };
}

/** Whatever others sent before is read by the first answer, and what was said to them has arrived by the second. */
async function quiet(calm: Client): Promise<void> {
  await calm.settled();
  await calm.settled();
}

/** A little more than twenty answers take at 1,000 a second, ms. */
const STEP_MS = 21;

/** Lets so much time pass, ms, with a chance to speak in each step of it. */
async function pass(calm: Client, ms: number, step = STEP_MS): Promise<void> {
  for (let passed = 0; passed < ms; passed += step) {
    room.clock.advance(step);
    await quiet(calm);
  }
}

it.each([1, 2, 20])(
  'an app that goes on beyond its limit gets 1,000 answers a second over %i connections, and none is lost',
  async (connections) => {
    const each = 2_400 / connections;
    const { flooding, flood, calm } = await crowd(connections);
    await room.clock.stopped(async () => {
      flood(each);
      await quiet(calm);
      const burst = answersOf(flooding);
      expect(burst).toBeLessThan(100);
      await pass(calm, 1_000);
      const second = answersOf(flooding) - burst;
      expect(second).toBeGreaterThan(800);
      expect(second).toBeLessThan(1_100);
      await pass(calm, 2_000);
      for (const client of flooding) await client.settled();
    });
    await vi.waitFor(() => {
      for (const client of flooding) expect(client.frames.filter(isAnswer)).toHaveLength(each);
    });
  },
);

it('who waits for its turn is closed at once when it is deactivated', async () => {
  const { app, flooding, flood, calm } = await crowd(2);
  await room.clock.stopped(async () => {
    flood(1_000);
    await quiet(calm);
    await room.mutate('deactivateApp', { id: app.globalId }, 'app { id }');
    for (const client of flooding) expect(await client.closed).toMatchObject({ code: 4403 });
  });
});

it('connections that wait are heard often enough to count as alive', async () => {
  const { flooding, flood, calm } = await crowd(20);
  await room.clock.stopped(async () => {
    flood(200);
    await pass(calm, 130_000, 1_000);
    for (const { socket } of flooding) expect(socket.readyState).toBe(socket.OPEN);
  });
});

const chatter: [string, (client: Client) => void][] = [
  ['pings', (client) => client.send({ type: 'ping' })],
  ['WebSocket pings', ({ socket }) => socket.ping()],
];

/** A held connection that also says so much in each of ten seconds, all of which is read when it has had its turns. */
async function chatting(say: (client: Client) => void, perSecond: number): Promise<Client> {
  const { flooding, flood, calm } = await crowd(1);
  const client = flooding[0]!;
  await room.clock.stopped(async () => {
    flood(400);
    await quiet(calm);
    for (let second = 0; second < 10; second += 1) {
      for (let n = 0; n < perSecond; n += 1) say(client);
      await pass(calm, 1_000, 1_000);
    }
    await pass(calm, 10_000, 1_000);
  });
  return client;
}

it.each(chatter)('%s that were sent while a connection waited count for that time', async (_what, say) => {
  const { socket } = await chatting(say, 150);
  expect(socket.readyState).toBe(socket.OPEN);
});

it.each(chatter)(
  '4429: %s are too many all the same with more than 200 for each second of it',
  async (_what, say) => {
    const client = await chatting(say, 500);
    expect((await client.closed).code).toBe(4429);
  },
);
