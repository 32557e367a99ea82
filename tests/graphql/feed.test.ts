import { expect, test } from 'vitest';
import { SlowConsumerError } from '../../server/bus/stream.ts';
import type { Context } from '../../server/graphql/context.ts';
import { createFeed } from '../../server/graphql/live/feed.ts';

function setUp(key?: (message: number) => string) {
  const closes: number[] = [];
  let lose = () => {};
  let push!: (message: number) => void;
  let subscribed = false;
  const context = {
    caller: { userId: 'u', sessionId: 's', apiKeyId: null, roles: new Map() },
    transport: { close: (code: number) => closes.push(code) },
    parts: {
      work: () => ({}),
      rights: {
        watch: (_caller: unknown, _organizationId: string, onLost: () => void) => {
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
    each: async (message) => message,
    ...(key ? { key } : {}),
  });
  const state = { closes, push: (message: number) => push(message), lose: () => lose() };
  return { feed, ...state, subscribed: () => subscribed };
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

test('a lost right ends it before anything that waits is sent', async () => {
  const { feed, push, lose, closes } = setUp();
  await feed.next();
  push(1);
  lose();
  expect((await feed.next()).done).toBe(true);
  expect(closes).toEqual([4403]);
});
