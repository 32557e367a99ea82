import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Config } from '../../server/config.ts';
import { connect } from '../harness/client.ts';
import { Room } from '../harness/room.ts';
import { Seed } from '../harness/seed.ts';
import { startTestRelay } from '../harness/server.ts';
import { post, signedIn } from './api.ts';
import { Browser } from './browser.ts';
import { Mailbox } from './mailbox.ts';

const PUBLIC_URL = 'https://relay.example.com';
const VIEWER = '{ viewer { user { email } } }';

const mailbox = new Mailbox();
let smtpUrl = '';
const rooms: Record<'plain' | 'public' | 'proxied', Room> = {
  plain: new Room(),
  public: new Room(),
  proxied: new Room(),
};

async function start(at: Room, config: Partial<Config>): Promise<void> {
  at.relay = await startTestRelay({ clock: at.clock, config: { smtpUrl, printCodes: false, ...config } });
  at.seed = await Seed.create((text, values) => at.relay.sql(text, values));
}

beforeAll(async () => {
  smtpUrl = await mailbox.listen();
  await start(rooms.plain, {});
  await start(rooms.public, { publicUrl: PUBLIC_URL });
  await start(rooms.proxied, { trustedProxies: ['127.0.0.1'] });
});
afterAll(async () => {
  for (const room of Object.values(rooms)) await room.relay.close();
  await mailbox.close();
});

/** Signs in and out again; every Set-Cookie by the cookie's name. */
async function cookiesOf(room: Room, email: string, proxied: Record<string, string> = {}) {
  const browser = new Browser(room, proxied);
  const headers: string[] = [];
  const ask = async (query: string) => headers.push(...(await browser.ask(query)).headers.getSetCookie());
  await ask(`mutation { requestLoginCode(input: { email: "${email}" }) { __typename } }`);
  const code = await mailbox.code(email);
  await ask(`mutation { verifyLoginCode(input: { email: "${email}", code: "${code}" }) { __typename } }`);
  expect((await browser.viewer()).user.email).toBe(email);
  await ask('mutation { signOut { ... on SignOutSuccess { ok } } }');
  expect(await browser.viewer()).toBeNull();
  return headers;
}

describe('the cookies', () => {
  const flags = 'HttpOnly; SameSite=Lax; Path=/; Max-Age=';
  const expected = (prefix: string, secure: string) =>
    [
      ['relay_browser', '[\\w-]{43}', 86_400],
      ['relay_session', '[\\w-]{43}', 604_800],
      ['relay_known', '[\\w-]{86}', 31_536_000],
      ['relay_session', '', 0],
    ].map(([name, value, age]) =>
      expect.stringMatching(new RegExp(`^${prefix}${name}=${value}; ${flags}${age}${secure}$`)),
    );

  test('are Secure, and named so that no other host nor path can set them, where PUBLIC_URL is https', async () => {
    expect(await cookiesOf(rooms.public, 'public@example.com')).toEqual(expected('__Host-', '; Secure'));
  });

  test('and where a trusted proxy says that the browser came by https', async () => {
    const told = { 'x-forwarded-proto': 'https' };
    expect(await cookiesOf(rooms.proxied, 'told@example.com', told)).toEqual(expected('__Host-', '; Secure'));
  });

  test('are plain where nobody says so who is trusted', async () => {
    expect(await cookiesOf(rooms.proxied, 'untold@example.com')).toEqual(expected('', ''));
    const told = { 'x-forwarded-proto': 'https' };
    expect(await cookiesOf(rooms.plain, 'lied@example.com', told)).toEqual(expected('', ''));
  });
});

/** Whether a Cookie header opens a session: over HTTP, and on a WebSocket. */
async function opens(room: Room, cookie: string): Promise<boolean> {
  const { data } = await post(room, VIEWER, {}, { cookie });
  const socket = await connect(`${room.relay.wsUrl}/graphql`, {
    protocols: ['graphql-transport-ws'],
    headers: { cookie },
  });
  socket.send({ type: 'connection_init' });
  await socket.find('connection_ack').catch(() => undefined);
  socket.send({ type: 'subscribe', id: '1', payload: { query: VIEWER } });
  const next = await socket.find('next').catch(() => null);
  await socket.kill();
  const there = Boolean(next?.body.payload.data.viewer);
  expect(there).toBe(data.viewer !== null);
  return there;
}

test('over https a session is not taken from a cookie that another host could have set', async () => {
  const { headers } = await signedIn(rooms.public, 'owner');
  const bare = headers['cookie']!;
  expect(await opens(rooms.public, bare)).toBe(false);
  expect(await opens(rooms.public, `__Host-${bare}`)).toBe(true);
  expect(await opens(rooms.public, `${bare}0; __Host-${bare}`)).toBe(true);
});

test('of two cookies of one name neither is believed', async () => {
  const [mine, planted] = [await signedIn(rooms.plain, 'owner'), await signedIn(rooms.plain, 'member')];
  const [one, other] = [mine.headers['cookie']!, planted.headers['cookie']!];
  expect(await opens(rooms.plain, one)).toBe(true);
  expect(await opens(rooms.plain, `${one}; ${other}`)).toBe(false);
  expect(await opens(rooms.plain, `${other}; ${one}`)).toBe(false);
});
