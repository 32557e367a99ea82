import { expect, it } from 'vitest';
import { mintToken } from '../../server/credentials/token.ts';
import { connect, refused } from '../harness/client.ts';
import { useRelay } from '../harness/room.ts';
import { signed } from '../harness/tokens.ts';

const room = useRelay();

it('30 failed attempts a minute shut the door for that address, and for no other', async () => {
  const app = await room.seed.app();
  const from = '127.0.0.77';
  const codes: unknown[] = [];
  for (let n = 0; n < 30; n += 1) {
    codes.push((await refused(room.appDoor, { token: 'nonsense', from })).problem.code);
  }
  expect(new Set(codes)).toEqual(new Set(['UNAUTHORIZED']));

  for (const token of ['nonsense', mintToken('app', app.slug).token]) {
    const shut = await refused(room.appDoor, { token, from });
    expect(shut).toMatchObject({ status: 429, problem: { code: 'TOO_MANY_ATTEMPTS' } });
    expect(Number(shut.headers['retry-after'])).toBeGreaterThan(0);
    expect(Number(shut.headers['retry-after'])).toBeLessThanOrEqual(60);
  }
  const elsewhere = await refused(room.appDoor, { token: 'nonsense', from: '127.0.0.78' });
  expect(elsewhere.problem.code).toBe('UNAUTHORIZED');

  room.clock.advance(61_000);
  expect((await refused(room.appDoor, { token: 'nonsense', from })).problem.code).toBe('UNAUTHORIZED');
});

it('a right token is let in from an address that failed too often: one bad instance does not lock out the others', async () => {
  const app = await room.seed.app();
  const from = '127.0.0.79';
  for (let n = 0; n < 31; n += 1) await refused(room.appDoor, { token: 'nonsense', from });
  await (await connect(room.appDoor, { token: app.token, from })).settled();
});

it('a credential holds at most 1,000 connections; the next is told so and fits once one has gone', async () => {
  const app = await room.seed.app();
  const clients = [];
  for (let batch = 0; batch < 20; batch += 1) {
    const opened = Array.from({ length: 50 }, () => connect(room.appDoor, { token: app.token }));
    clients.push(...(await Promise.all(opened)));
  }
  const full = await refused(room.appDoor, { token: app.token });
  expect(full).toMatchObject({ status: 429, problem: { code: 'TOO_MANY_CONNECTIONS' } });
  expect(Number(full.headers['retry-after'])).toBeGreaterThan(0);

  await clients[0]!.close();
  await (await connect(room.appDoor, { token: app.token })).settled();
});

it('right tokens are let in within a second while wrong ones for the same lookup storm the door', async () => {
  const app = await room.seed.app();
  await (await connect(room.appDoor, { token: app.token })).settled();
  let storming = true;
  let stormed = 0;
  const storm = Array.from({ length: 32 }, async (_, worker) => {
    while (storming) {
      stormed += 1;
      // Right checksum, right lookup, another secret each time: every one of them costs Relay a query and a hash.
      const token = signed(app.token.slice(0, -19) + String(stormed).padStart(12, '0'));
      await refused(room.appDoor, { token, from: `127.0.${20 + (stormed % 200)}.${worker + 1}` });
    }
  });
  for (let n = 0; n < 10; n += 1) {
    const started = performance.now();
    await (await connect(room.appDoor, { token: app.token })).settled();
    expect(performance.now() - started).toBeLessThan(1_000);
  }
  storming = false;
  await Promise.all(storm);
});
