import { afterEach, describe, expect, it } from 'vitest';
import { createPool } from '../../server/database/pool.ts';
import { connect } from '../harness/client.ts';
import { createTestDatabase } from '../harness/postgres.ts';
import type { RelayProcess } from '../harness/relayProcess.ts';
import { startRelayProcess } from '../harness/relayProcess.ts';
import { useRelay } from '../harness/room.ts';
import { Seed } from '../harness/seed.ts';

const room = useRelay();

const nested = (levels: number) => `${'['.repeat(levels)}${']'.repeat(levels)}`;

describe('a frame of an app', () => {
  it.each([
    ['an unknown field of 120,000 levels', `{"x":${nested(120_000)},"type":"ping"}`, 'pong'],
    ['a field named __proto__', '{"__proto__":{"type":"event"},"constructor":1,"type":"ping"}', 'pong'],
    ['its type in its prototype only', '{"__proto__":{"type":"ping"}}', 'error'],
    [
      'a thread of 100,000 levels',
      `{"type":"event","agent_id":"a","thread_id":${nested(100_000)},"payload":{}}`,
      'error',
    ],
    [
      'the payload in its prototype only',
      '{"type":"event","agent_id":"a","thread_id":"t","__proto__":{"payload":{}}}',
      'error',
    ],
    [
      'numbers where there should be ids',
      '{"type":"event","agent_id":12345678901234567890,"thread_id":1e400,"payload":{}}',
      'error',
    ],
    ['nothing but 200,000 opening brackets', '['.repeat(200_000), 'error'],
    ['a key of 200,000 characters', `{"${'k'.repeat(200_000)}":1,"type":"ping"}`, 'pong'],
    [
      '20,000 fields',
      `{${Array.from({ length: 20_000 }, (_, n) => `"k${n}":0,`).join('')}"type":"ping"}`,
      'pong',
    ],
  ])('with %s is answered, and the next one too', async (_, frame, answer) => {
    const { from } = await room.pair();
    from.send(frame);
    const { body } = await from.next(answer);
    if (answer === 'error') expect(body).toMatchObject({ code: 'INVALID_MESSAGE', event_id: null });
    await from.settled();
  });
});

describe('a frame of an agent', () => {
  it.each([
    ['an attempt of 1e400', `"attempt":1e400`],
    ['an attempt of 20 digits', `"attempt":12345678901234567890`],
    ['an attempt in halves', `"attempt":1.5`],
    ['metadata that is a list of 500,000 levels', `"metadata":${nested(500_000)}`],
  ])('with %s is refused, and changes nothing', async (_, field) => {
    const { from, to, ask } = await room.pair();
    const { event_id } = await ask();
    await to.find('event');
    to.send(`{"type":"reply","event_id":"${event_id}","content":"no",${field}}`);
    expect((await to.find('error')).body.code).toBe('INVALID_MESSAGE');
    to.send({ type: 'reply', event_id, content: 'yes' });
    expect((await from.find(['reply', 'error'])).body).toMatchObject({ type: 'reply', reply: 'yes' });
  });

  it('with metadata of 10,000 levels and odd numbers is stored and forwarded byte for byte', async () => {
    const { from, to, ask } = await room.pair();
    const { event_id } = await ask();
    await to.find('event');
    const metadata = `{"deep":${nested(10_000)},"__proto__":{"x":1},"n":[1e400,12345678901234567890,-0]}`;
    to.send(`{"type":"reply","event_id":"${event_id}","content":"x","metadata":${metadata}}`);
    await from.find('reply');
    expect((await room.stored(event_id))['reply_metadata']).toBe(metadata);
  });
});

describe('however many such frames come', () => {
  let relay: RelayProcess | null = null;
  afterEach(async () => {
    await relay?.kill();
    relay = null;
  });

  it('memory stays flat, and others are served', async () => {
    const database = await createTestDatabase();
    const pool = createPool(database.url, 1);
    const seed = await Seed.create(async (text, values) => (await pool.query(text, values)).rows as never);
    const [app, agent] = [await seed.app(), await seed.agent()];
    await pool.end();
    // What V8 may keep is small, so that what Relay keeps is what shows.
    relay = await startRelayProcess(database.url, { NODE_OPTIONS: '--max-old-space-size=128' });
    const { wsUrl, url } = relay;
    const open = (kind: 'app' | 'agent') =>
      connect(`${wsUrl}/v1/ws/${kind}`, { token: kind === 'app' ? app.token : agent.token });

    async function round(): Promise<void> {
      const big = await open('app');
      big.send('x'.repeat(262_145));
      await big.closed;
      const fragments = await open('app');
      for (let n = 0; n < 4_000; n += 1) fragments.socket.send('xxxxxxxxxx', { fin: false });
      await fragments.kill();
      const malformed = await open('app');
      for (let n = 0; n < 21; n += 1) malformed.send('['.repeat(100_000));
      await malformed.closed;
      const deep = await open('agent');
      for (let n = 0; n < 2; n += 1) deep.send(`{"x":${nested(500_000)},"type":"ping"}`);
      await deep.settled();
      await deep.close();
    }
    async function resident(): Promise<number> {
      const text = await (await fetch(`${url}/metrics`)).text();
      return Number(/^process_resident_memory_bytes (\S+)$/m.exec(text)![1]) / 1_048_576;
    }

    /** The most that was taken after any of so many rounds, MiB: what is given back in between comes and goes. */
    async function peak(rounds: number): Promise<number> {
      let most = 0;
      for (let n = 0; n < rounds; n += 1) {
        await round();
        most = Math.max(most, await resident());
      }
      return most;
    }

    // What the first rounds make V8 and the allocator take, they keep.
    const before = await peak(14);
    const grown = (await peak(14)) - before;
    // What was parsed meanwhile would fill several times that, and more than V8 has.
    expect(grown).toBeLessThan(64);
    const client = await open('app');
    await client.settled();
    await client.close();
    await relay.kill();
    await database.drop();
  }, 300_000);
});
