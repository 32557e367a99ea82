import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { TestClock } from '../harness/clock.ts';
import { Room } from '../harness/room.ts';
import { Seed } from '../harness/seed.ts';
import { startTestRelay } from '../harness/server.ts';
import type { Config } from '../../server/config.ts';
import { globalId, organizationId, signedIn } from './api.ts';
import { Browser as Jar } from './browser.ts';
import { Mailbox } from './mailbox.ts';
import { togetherIn } from './together.ts';

const mailbox = new Mailbox();
let smtpUrl = '';
beforeAll(async () => (smtpUrl = await mailbox.listen()) as never);
afterAll(() => mailbox.close());

async function start(config: Partial<Config> = {}): Promise<Room> {
  const room = new Room();
  room.clock = new TestClock();
  room.relay = await startTestRelay({ clock: room.clock, config: { smtpUrl, printCodes: false, ...config } });
  room.seed = await Seed.create((text, values) => room.relay.sql(text, values));
  return room;
}

let room: Room;
beforeAll(async () => void (room = await start()));
afterAll(() => room.relay.close());

class Browser extends Jar {
  constructor(at: Room = room) {
    super(at);
  }

  async enter(email: string, number = 1): Promise<void> {
    await this.request(email);
    expect((await this.verify(email, await mailbox.code(email, number))).__typename).toBe(
      'VerifyLoginCodeSuccess',
    );
  }
}

const wrong = (code: string) => (code === '000000' ? '000001' : '000000');

describe('signing in', () => {
  test('with the mailed code opens a session whose cookie no script can read, until signing out', async () => {
    const browser = new Browser();
    expect(await browser.request('  Ada@Example.com ')).toMatchObject({ email: 'ada@example.com' });
    const code = await mailbox.code('ada@example.com');
    const entered = await browser.verify('ada@example.com', ` ${code.slice(0, 3)} ${code.slice(3)}`);
    expect(entered.viewer).toEqual({ user: { email: 'ada@example.com' } });
    const [cookie] = entered.setCookies.filter((header: string) => header.startsWith('relay_session='));
    expect(cookie).toMatch(/^relay_session=[\w-]{43}; HttpOnly; SameSite=Lax; Path=\/; Max-Age=604800$/);
    expect(await browser.viewer()).toEqual({
      user: { email: 'ada@example.com' },
      canCreateOrganization: true,
    });

    const stolen = new Browser();
    stolen.cookies.set('relay_session', browser.cookies.get('relay_session')!);
    await browser.ask('mutation { signOut { ... on SignOutSuccess { ok } } }');
    expect(browser.cookies.has('relay_session')).toBe(false);
    expect(await stolen.viewer()).toBeNull();
  });

  test('twice gives a new id and ends the session before', async () => {
    const browser = new Browser();
    await browser.enter('twice@example.com');
    const first = new Browser();
    first.cookies.set('relay_session', browser.cookies.get('relay_session')!);
    await browser.enter('twice@example.com', 2);
    expect(browser.cookies.get('relay_session')).not.toBe(first.cookies.get('relay_session'));
    expect(await first.viewer()).toBeNull();
    expect(await browser.viewer()).not.toBeNull();
  });

  test('a session slides with use and ends seven days after the last one', async () => {
    const at = await start();
    const browser = new Browser(at);
    await browser.enter('slide@example.com');
    const day = 86_400_000;
    at.clock.advance(6 * day);
    const { headers } = await browser.ask('{ viewer { user { id } } }');
    // The browser keeps the cookie as long as the server keeps the session.
    const kept = `relay_session=${browser.cookies.get('relay_session')}; HttpOnly; SameSite=Lax; Path=/; Max-Age=604800`;
    expect(headers.getSetCookie()).toEqual([kept]);
    at.clock.advance(6 * day);
    expect(await browser.viewer()).not.toBeNull();
    at.clock.advance(7 * day + 1);
    expect(await browser.viewer()).toBeNull();
    await at.relay.close();
  });
});

describe('a code', () => {
  test('works once', async () => {
    const browser = new Browser();
    await browser.enter('once@example.com');
    const again = await browser.verify('once@example.com', await mailbox.code('once@example.com'));
    expect(again).toMatchObject({ __typename: 'InvalidCodeError', attemptsLeft: 0 });
  });

  test('works only in the browser that asked', async () => {
    const [asked, other] = [new Browser(), new Browser()];
    await asked.request('bound@example.com');
    await other.request('elsewhere@example.com');
    const code = await mailbox.code('bound@example.com');
    expect((await other.verify('bound@example.com', code)).__typename).toBe('InvalidCodeError');
    expect((await asked.verify('bound@example.com', code)).__typename).toBe('VerifyLoginCodeSuccess');
  });

  test('is void once a newer one was asked for', async () => {
    const browser = new Browser();
    await browser.request('newer@example.com');
    await browser.request('newer@example.com');
    const [first, second] = [
      await mailbox.code('newer@example.com'),
      await mailbox.code('newer@example.com', 2),
    ];
    if (first !== second) {
      expect((await browser.verify('newer@example.com', first)).__typename).toBe('InvalidCodeError');
    }
    expect((await browser.verify('newer@example.com', second)).__typename).toBe('VerifyLoginCodeSuccess');
  });

  test('expires after ten minutes', async () => {
    const browser = new Browser();
    await browser.request('late@example.com');
    const code = await mailbox.code('late@example.com');
    room.clock.advance(10 * 60_000 + 1);
    expect((await browser.verify('late@example.com', code)).__typename).toBe('InvalidCodeError');
  });

  test('guessed wrong five times locks this browser for 15 minutes, and no other', async () => {
    const [guesser, owner] = [new Browser(), new Browser()];
    const email = 'guessed@example.com';
    await guesser.request(email);
    const code = await mailbox.code(email);
    for (const attemptsLeft of [4, 3, 2, 1]) {
      expect(await guesser.verify(email, wrong(code))).toMatchObject({
        __typename: 'InvalidCodeError',
        attemptsLeft,
      });
    }
    expect((await guesser.verify(email, wrong(code))).__typename).toBe('LockedError');
    expect((await guesser.verify(email, code)).__typename).toBe('LockedError');
    expect((await guesser.request(email)).__typename).toBe('RateLimitedError');

    await owner.enter(email, 2);
    room.clock.advance(15 * 60_000 + 1);
    await guesser.enter(email, 3);
  });

  test('gets five tries however many come at once', async () => {
    const browser = new Browser();
    await browser.request('race@example.com');
    const code = await mailbox.code('race@example.com');
    const answers = await Promise.all(
      Array.from({ length: 12 }, () => browser.verify('race@example.com', wrong(code))),
    );
    const judged = answers.filter(
      (answer) => answer.__typename === 'InvalidCodeError' && answer.attemptsLeft > 0,
    );
    expect(judged.length).toBeLessThanOrEqual(4);
    expect((await browser.verify('race@example.com', code)).__typename).toBe('LockedError');
  });

  test('is sent at most five times a quarter of an hour to one address from one place', async () => {
    const browser = new Browser();
    for (let sent = 0; sent < 5; sent += 1) {
      expect((await browser.request('often@example.com')).__typename).toBe('RequestLoginCodeSuccess');
    }
    const answer = await browser.request('often@example.com');
    expect(answer).toMatchObject({ __typename: 'RateLimitedError', retryAfterSeconds: expect.any(Number) });
  });
});

test.each([
  '',
  'nobody',
  'a@b',
  'a b@example.com',
  'x@example.com\nBcc: y@example.com',
  'a@example.com,b@example.com',
])('refuses "%s" as an address', async (email) => {
  expect((await new Browser().request(email)).__typename).toBe('ValidationError');
});

test('where sign-up is by invitation, a stranger gets the same answer and no mail', async () => {
  const at = await start({ signup: 'invite' });
  const owner = `owner@${at.seed.slug}.test`;
  const [known, stranger] = [new Browser(at), new Browser(at)];
  const shape = (answer: object) => Object.keys(answer);
  const answers = [await stranger.request('stranger@example.com'), await known.request(owner)];
  expect(shape(answers[0])).toEqual(shape(answers[1]));
  expect(answers[0].__typename).toBe('RequestLoginCodeSuccess');
  // The owner's mail was sent after the stranger's would have been.
  await mailbox.code(owner);
  expect(mailbox.count('stranger@example.com')).toBe(0);
  await at.relay.close();
});

test('where sign-up is by invitation, whoever belongs nowhere any more gets no mail; where it is open, they do', async () => {
  const at = await start({ signup: 'invite' });
  const [owner, member] = [await signedIn(at, 'owner'), await signedIn(at, 'member')];
  const [row] = await at.relay.sql('select id from membership where user_id = $1', [member.userId]);
  await new Browser(at).enter(member.email);
  await owner.mutate('removeMember', { id: globalId('Membership', String(row!['id'])) });
  expect((await new Browser(at).request(member.email)).__typename).toBe('RequestLoginCodeSuccess');
  // The owner's mail was sent after theirs would have been.
  await new Browser(at).enter(owner.email);
  expect(mailbox.count(member.email)).toBe(1);
  const invitation = { organizationId: organizationId(at.seed), email: member.email, role: 'MEMBER' };
  await owner.mutate('inviteMember', invitation);
  const before = mailbox.count(member.email);
  await new Browser(at).enter(member.email, before + 1);
  await at.relay.close();

  const open = await start({ signup: 'open' });
  await new Browser(open).enter('nowhere@example.com');
  await new Browser(open).enter('nowhere@example.com', 2);
  await open.relay.close();
});

test('by default sign-up is open until the first organisation exists', async () => {
  const at = new Room();
  at.relay = await startTestRelay({ clock: at.clock, config: { smtpUrl, printCodes: false, signup: null } });
  const state = async () => (await new Browser(at).ask('{ signup { open firstRun } }')).data.signup;
  expect(await state()).toEqual({ open: true, firstRun: true });
  const first = new Browser(at);
  await first.enter('first@example.com');
  // Without an organisation nobody is a member; who began may still come back to make one.
  await first.enter('first@example.com', 2);
  await first.ask('mutation { createOrganization(input: { name: "First" }) { __typename } }');
  expect(await state()).toEqual({ open: false, firstRun: false });
  await new Browser(at).request('second@example.com');
  await first.request('first@example.com');
  await mailbox.code('first@example.com', 3);
  expect(mailbox.count('second@example.com')).toBe(0);
  await at.relay.close();
});

test('of all who would create the first organisation at the same time, one does', async () => {
  const at = new Room();
  at.relay = await startTestRelay({ clock: at.clock, config: { smtpUrl, printCodes: false, signup: null } });
  const people = ['a', 'b', 'c', 'd'].map((name) => ({ name, browser: new Browser(at) }));
  for (const { name, browser } of people) await browser.enter(`${name}@first.test`);
  const create = 'mutation C($name: String!) { createOrganization(input: { name: $name }) { __typename } }';
  const answers = await togetherIn(at).together(
    'lock table organization in share mode',
    people.map(
      ({ name, browser }) =>
        () =>
          browser.ask(create, { name: `Org ${name}` }),
    ),
  );
  const types = answers.map(({ data }) => data.createOrganization.__typename).sort();
  expect(types).toEqual(['CreateOrganizationSuccess', ...Array.from({ length: 3 }, () => 'ForbiddenError')]);
  await at.relay.close();
});

test('without a way to send codes it says so', async () => {
  const at = await start({ smtpUrl: null });
  expect(await new Browser(at).request('a@example.com')).toMatchObject({
    __typename: 'UnavailableError',
    message: expect.stringContaining('SMTP_URL'),
  });
  await at.relay.close();
});
