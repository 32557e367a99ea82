import { afterEach, expect, it, vi } from 'vitest';
import { mintToken } from '../../server/credentials/token.ts';
import { connect, refused } from '../harness/client.ts';
import { LANE, holdHashes } from '../harness/hashes.ts';
import { useRelay } from '../harness/room.ts';
import { forged, signed } from '../harness/tokens.ts';

/** A proxy on 127.0.0.1 is trusted; whoever else comes is who they are. */
const room = useRelay({ trustedProxies: ['127.0.0.1'] });
afterEach(() => vi.restoreAllMocks());

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
  expect((await refused(room.agentDoor, { token: 'nonsense', from })).status).toBe(429);
  const elsewhere = await refused(room.appDoor, { token: 'nonsense', from: '127.0.0.78' });
  expect(elsewhere.problem.code).toBe('UNAUTHORIZED');

  room.clock.advance(61_000);
  expect((await refused(room.appDoor, { token: 'nonsense', from })).problem.code).toBe('UNAUTHORIZED');
});

it('an IPv6 network is one address, and the address of a connection is shown whole', async () => {
  const [app, agent] = await Promise.all([room.seed.app(), room.seed.agent()]);
  const by = (host: string) => ({ headers: { 'x-forwarded-for': `2001:db8:1:1::${host}` } });
  for (let n = 0; n < 30; n += 1)
    expect((await refused(room.appDoor, { token: 'nonsense', ...by(n.toString(16)) })).status).toBe(401);
  expect((await refused(room.appDoor, { token: 'nonsense', ...by('ffff') })).status).toBe(429);
  const elsewhere = { headers: { 'x-forwarded-for': '2001:db8:1:2::1' } };
  expect((await refused(room.agentDoor, { token: 'nonsense', ...elsewhere })).status).toBe(401);
  await (await connect(room.appDoor, { token: app.token, ...by('beef') })).settled();
  await (await connect(room.agentDoor, { token: agent.token, ...by('cafe') })).settled();
  const shown = async (): Promise<unknown[]> =>
    (await room.relay.sql('select address from connection')).map(({ address }) => address);
  await expect.poll(shown).toEqual(expect.arrayContaining(['2001:db8:1:1::beef', '2001:db8:1:1::cafe']));
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

it.each(['app', 'agent'] as const)(
  'an %s that cannot be judged, because more wait than may, is told to try again and not that it has no right',
  async (kind) => {
    const owner = await room.seed[kind]();
    const door = kind === 'app' ? room.appDoor : room.agentDoor;
    const letGo = holdHashes();
    const tooMany = 12;
    let unseen = 0;
    const storm = Array.from({ length: LANE + tooMany }, async (_, n) => {
      const refusal = await refused(door, { token: forged(owner.token, 12 + n), from: `127.0.4.${n + 1}` });
      if (refusal.status === 503) unseen += 1;
      return refusal.status;
    });
    await expect.poll(() => unseen).toBe(tooMany);
    const overloaded = await refused(door, { token: owner.token });
    expect(overloaded).toMatchObject({ status: 503, problem: { code: 'UNAVAILABLE' } });
    expect(Number(overloaded.headers['retry-after'])).toBeGreaterThan(0);
    letGo();
    expect((await Promise.all(storm)).filter((status) => status === 401)).toHaveLength(LANE);
    await (await connect(door, { token: owner.token })).settled();
  },
);
