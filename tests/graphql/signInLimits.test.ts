import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Room, useRelay } from '../harness/room.ts';
import { startTestRelay } from '../harness/server.ts';
import { Browser } from './browser.ts';
import { Mailbox } from './mailbox.ts';

const mailbox = new Mailbox();
/** Behind a proxy, so that everybody comes from addresses of their own. */
const config = { smtpUrl: '', printCodes: false, trustedProxies: ['127.0.0.1'] };
beforeAll(async () => void (config.smtpUrl = await mailbox.listen()));
const room = useRelay(config);
afterAll(() => mailbox.close());

const SIX_HOURS = 6 * 60 * 60;
const from = (address: string, at: Room = room) => new Browser(at, { 'x-forwarded-for': address });
const guess = async (browser: Browser, email = 'nobody@example.com') =>
  (await browser.verify(email, '000000')).__typename;

/** How many codes have been mailed to an address. */
const mailed = new Map<string, number>();

async function outcome(browser: Browser, email: string): Promise<string> {
  const { __typename } = await browser.request(email);
  if (__typename === 'RequestLoginCodeSuccess') mailed.set(email, (mailed.get(email) ?? 0) + 1);
  return __typename;
}

async function enter(browser: Browser, email: string): Promise<void> {
  const before = mailed.get(email) ?? 0;
  // Once those before it have come, the next mail is the one with this browser's code.
  if (before > 0) await mailbox.text(email, before);
  expect(await outcome(browser, email)).toBe('RequestLoginCodeSuccess');
  const code = await mailbox.code(email, before + 1);
  expect((await browser.verify(email, code)).__typename).toBe('VerifyLoginCodeSuccess');
}

/** Strangers ask, five times from each address, until none of them gets a code any more. Resolves to how many did. */
async function useUp(email: string, network: string): Promise<number> {
  let codes = 0;
  const next = () => from(`${network}.${1 + Math.floor(codes / 5)}`);
  while (codes < 100 && (await outcome(next(), email)) === 'RequestLoginCodeSuccess') codes += 1;
  return codes;
}

describe('sign-in codes are limited', () => {
  test('to 30 a quarter of an hour for one network address, whoever they are for', async () => {
    const stranger = from('198.51.100.1');
    for (let n = 0; n < 30; n += 1)
      expect(await outcome(stranger, `spread-${n}@example.com`)).toBe('RequestLoginCodeSuccess');
    expect(await outcome(stranger, 'spread-30@example.com')).toBe('RateLimitedError');
    expect(await outcome(from('198.51.100.2'), 'spread-30@example.com')).toBe('RequestLoginCodeSuccess');
  });

  test('to 15 in six hours for one mailbox, wherever strangers ask from', async () => {
    expect(await useUp('crowded@example.com', '198.51.101')).toBe(15);
    const answer = await from('198.51.101.9').request('crowded@example.com');
    expect(answer.__typename).toBe('RateLimitedError');
    expect(answer.retryAfterSeconds).toBeLessThanOrEqual(SIX_HOURS);
    expect(await outcome(from('198.51.101.9'), 'other@example.com')).toBe('RequestLoginCodeSuccess');
  });

  test('to 60 guesses a quarter of an hour from one network address', async () => {
    const guesser = from('198.51.102.1');
    for (let n = 0; n < 60; n += 1) expect(await guess(guesser)).toBe('InvalidCodeError');
    expect(await guess(guesser)).toBe('RateLimitedError');
    expect(await guess(from('198.51.102.2'))).toBe('InvalidCodeError');
  });

  test('by network where it is IPv6: whoever has a /64 has no more than whoever has one address', async () => {
    for (let n = 1; n <= 60; n += 1)
      expect(await guess(from(`2001:db8:1:1::${n.toString(16)}`))).toBe('InvalidCodeError');
    expect(await guess(from('2001:db8:1:1:ffff::1'))).toBe('RateLimitedError');
    expect(await guess(from('2001:db8:1:2::1'))).toBe('InvalidCodeError');
    for (let n = 1; n <= 5; n += 1)
      expect(await outcome(from(`2001:db8:1:1::${n}`), 'six@example.com')).toBe('RequestLoginCodeSuccess');
    expect(await outcome(from('2001:db8:1:1::6'), 'six@example.com')).toBe('RateLimitedError');
  });
});

describe('a browser that has signed in as an address before', () => {
  test('gets codes for it when strangers have used up all of theirs, from its own network too', async () => {
    const email = 'owner@example.com';
    const owner = from('203.0.113.1');
    await enter(owner, email);
    await owner.ask('mutation { signOutEverywhere(input: {}) { __typename } }');
    const neighbour = from('203.0.113.1');
    for (let n = 0; n < 29; n += 1) await neighbour.request(`neighbour-${n}@example.com`);
    for (let n = 0; n < 60; n += 1) await guess(neighbour);
    expect(await outcome(neighbour, 'one-more@example.com')).toBe('RateLimitedError');
    await useUp(email, '198.51.103');
    expect(await outcome(from('203.0.113.2'), email)).toBe('RateLimitedError');
    expect(await guess(neighbour)).toBe('RateLimitedError');
    await enter(owner, email);
  });

  test('has 15 of its own in six hours, and leaves the strangers theirs', async () => {
    const email = 'often@example.com';
    const owner = from('203.0.113.3');
    await enter(owner, email);
    for (let n = 0; n < 15; n += 1) expect(await outcome(owner, email)).toBe('RequestLoginCodeSuccess');
    expect(await outcome(owner, email)).toBe('RateLimitedError');
    expect(await outcome(from('203.0.113.4'), email)).toBe('RequestLoginCodeSuccess');
  });

  test('is a stranger for every other address, and so is one that made its mark itself', async () => {
    const email = 'wanted@example.com';
    const [stranger, member] = [from('203.0.113.5'), from('203.0.113.6')];
    await enter(stranger, 'stranger@example.com');
    await enter(member, email);
    await useUp(email, '198.51.104');
    expect(await outcome(stranger, email)).toBe('RateLimitedError');
    const mark = member.cookies.get('relay_known')!;
    for (const forged of [mark.slice(0, -1), `${mark}0`, `${'0'.repeat(43)}${mark.slice(43)}`]) {
      stranger.cookies.set('relay_known', forged);
      expect(await outcome(stranger, email)).toBe('RateLimitedError');
    }
    expect(await outcome(member, email)).toBe('RequestLoginCodeSuccess');
  });

  test('is told by a cookie that only signing in sets, so that asking tells nothing of an address', async () => {
    await enter(from('203.0.113.7'), 'known@example.com');
    const names = [];
    for (const email of ['known@example.com', 'unknown@example.com']) {
      const browser = from('203.0.113.8');
      await browser.request(email);
      names.push([...browser.cookies.keys()]);
    }
    expect(names).toEqual([['relay_browser'], ['relay_browser']]);
  });
});

test('neither a code nor the mark of a browser is worth anything under another secret', async () => {
  const email = 'pepper@example.com';
  const twin = new Room();
  twin.relay = await startTestRelay({ databaseUrl: room.relay.databaseUrl, clock: room.clock, config });
  const [here, there] = [from('203.0.113.9'), from('203.0.113.10', twin)];
  const copy = () => here.cookies.forEach((value, name) => there.cookies.set(name, value));
  await here.request(email);
  copy();
  const code = await mailbox.code(email);
  expect(await there.verify(email, code)).toMatchObject({ __typename: 'InvalidCodeError', attemptsLeft: 4 });
  expect((await here.verify(email, code)).__typename).toBe('VerifyLoginCodeSuccess');
  copy();
  await useUp(email, '198.51.105');
  expect(await outcome(there, email)).toBe('RateLimitedError');
  expect(await outcome(here, email)).toBe('RequestLoginCodeSuccess');
  await twin.relay.close();
});
