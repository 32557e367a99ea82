import { describe, expect, test } from 'vitest';
import { SlowConsumerError } from '../../server/bus/stream.ts';
import type { Context, Reads } from '../../server/graphql/context.ts';
import { createFeed } from '../../server/graphql/live/feed.ts';
import type { Loss } from '../../server/graphql/live/rights.ts';
import type { Tell } from '../../server/graphql/live/shared.ts';

interface Direct {
  sent: string[];
  hasRoom: boolean;
  /** Lets the oldest message that is being made be made. */
  make: () => Promise<void>;
}

/** A sink beside the queue; messages about a number are made when the test says so. */
function directly(): { direct: Direct; tell: Tell } {
  const making: (() => void)[] = [];
  const direct: Direct = {
    sent: [],
    hasRoom: true,
    async make() {
      making.shift()!();
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
  const sink = { hasRoom: () => direct.hasRoom, send: (text: Buffer) => direct.sent.push(text.toString()) };
  const message = (about: object) =>
    new Promise<Buffer>((resolve) =>
      making.push(() => resolve(Buffer.from(`direct ${about as unknown as number}`))),
    );
  return { direct, tell: { sink, message } };
}

function setUp(key?: (message: number) => string, tell: Tell | null = null) {
  const closes: number[] = [];
  let lose: (loss: Loss) => void = () => {};
  let push!: (message: number) => void;
  let subscribed = false;
  const read = { version: 0, fails: false };
  const context = {
    tell,
    caller: { userId: 'u', sessionId: 's', apiKeyId: null, scopes: null, roles: new Map() },
    transport: { close: (code: number) => closes.push(code) },
    parts: {
      work: () => ({}),
      rights: {
        known: () => true,
        watch: (_caller: unknown, _organizationId: string, onLost: (loss: Loss) => void) => {
          lose = onLost;
          return () => {};
        },
      },
    },
  } as unknown as Context;
  const feed = createFeed<number, number>(context, 'organization', {
    subscribe: (each) => {
      push = each;
      subscribed = true;
      return [() => (subscribed = false)];
    },
    initial: async () => [0],
    each: async (message) => {
      if (read.fails) throw new Error('no database');
      return message + read.version / 10;
    },
    version: () => read.version,
    ...(tell ? { shared: () => ({ work: {}, loaders: {} }) as unknown as Reads } : {}),
    ...(key ? { key } : {}),
  });
  const state = { closes, push: (message: number) => push(message), lose: () => lose('gone') };
  return { feed, read, ...state, subscribed: () => subscribed };
}

test('what comes while the present state is read comes after it', async () => {
  const { feed, push } = setUp();
  push(1);
  push(2);
  const items = [await feed.next(), await feed.next(), await feed.next()];
  expect(items.map((item) => item.value)).toEqual([0, 1, 2]);
});

test('a subscriber more than a thousand messages behind is ended by name', async () => {
  const { feed, push, closes, subscribed } = setUp();
  for (let n = 1; n <= 1_001; n += 1) push(n);
  expect(subscribed()).toBe(false);
  for (let n = 0; n <= 1_000; n += 1) expect((await feed.next()).value).toBe(n);
  await expect(feed.next()).rejects.toThrow(SlowConsumerError);
  expect(closes).toEqual([4413]);
});

test('a burst about one thing is one message, however long', async () => {
  const { feed, push } = setUp(() => 'same');
  for (let n = 1; n <= 5_000; n += 1) push(n);
  expect([await feed.next(), await feed.next()].map((item) => item.value)).toEqual([0, 1]);
  push(7);
  expect((await feed.next()).value).toBe(7);
});

test('unsubscribing ends a subscription that waits, at once', async () => {
  const { feed, subscribed } = setUp();
  await feed.next();
  const waiting = feed.next();
  await feed.return!();
  expect((await waiting).done).toBe(true);
  expect(subscribed()).toBe(false);
});

test('an item is made anew when what it was made of is deleted before it is told', async () => {
  const { feed, push, read } = setUp();
  await feed.next();
  push(1);
  expect((await feed.next()).value).toBe(1);
  expect(feed.renewed()).toBeUndefined();
  read.version = 1;
  expect(await feed.renewed()).toBe(1.1);
  expect(feed.renewed()).toBeUndefined();
});

test('an item that cannot be made anew ends it', async () => {
  const { feed, push, read, subscribed } = setUp();
  await feed.next();
  push(1);
  await feed.next();
  Object.assign(read, { version: 1, fails: true });
  await expect(feed.renewed()).rejects.toThrow('no database');
  expect(subscribed()).toBe(false);
});

test('a lost right ends it before anything that waits is sent', async () => {
  const { feed, push, lose, closes } = setUp();
  await feed.next();
  push(1);
  lose();
  expect((await feed.next()).done).toBe(true);
  expect(closes).toEqual([4403]);
});

describe('a subscriber that waits is told without its queue', () => {
  /** One that has had the present state and waits; `next` is what its queue gives next. */
  async function waiting() {
    const { direct, tell } = directly();
    const made = setUp(undefined, tell);
    await made.feed.next();
    const next = made.feed.next();
    await new Promise((resolve) => setImmediate(resolve));
    return { ...made, direct, next };
  }

  test('message by message, in order', async () => {
    const { push, direct } = await waiting();
    push(1);
    push(2);
    await direct.make();
    push(3);
    await direct.make();
    await direct.make();
    expect(direct.sent).toEqual(['direct 1', 'direct 2', 'direct 3']);
  });

  test('until its socket has no room; what comes then is queued behind, and so is all that follows', async () => {
    const { feed, push, direct, next } = await waiting();
    push(1);
    direct.hasRoom = false;
    push(2);
    direct.hasRoom = true;
    push(3);
    let queued: unknown = null;
    void next.then((item) => (queued = item.value));
    await new Promise((resolve) => setImmediate(resolve));
    // The second may not overtake the first, which is still being made.
    expect(queued).toBeNull();
    await direct.make();
    expect(direct.sent).toEqual(['direct 1']);
    expect((await next).value).toBe(2);
    expect((await feed.next()).value).toBe(3);
    void feed.next();
    await new Promise((resolve) => setImmediate(resolve));
    push(4);
    await direct.make();
    expect(direct.sent).toEqual(['direct 1', 'direct 4']);
  });

  test('and not before it has had the present state', async () => {
    const { direct, tell } = directly();
    const { feed, push } = setUp(undefined, tell);
    push(1);
    expect([await feed.next(), await feed.next()].map((item) => item.value)).toEqual([0, 1]);
    expect(direct.sent).toEqual([]);
  });

  test.each(['by losing its right', 'by unsubscribing'])('and nothing once it has ended %s', async (how) => {
    const { feed, push, lose, direct, next } = await waiting();
    push(1);
    if (how === 'by losing its right') lose();
    else await feed.return!();
    await direct.make();
    expect(direct.sent).toEqual([]);
    expect((await next).done).toBe(true);
  });

  test('and ended by name when more than a thousand are being made and a thousand wait', async () => {
    const { push, closes, feed, direct, next } = await waiting();
    for (let n = 1; n <= 2_001; n += 1) push(n);
    expect(closes).toEqual([]);
    for (let n = 1; n <= 1_000; n += 1) await direct.make();
    expect((await next).value).toBe(1_001);
    for (let n = 1_002; n <= 2_000; n += 1) expect((await feed.next()).value).toBe(n);
    await expect(feed.next()).rejects.toThrow(SlowConsumerError);
    expect(closes).toEqual([4413]);
  });
});
