import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Config } from '../../server/config.ts';
import { connect } from '../harness/client.ts';
import { Room } from '../harness/room.ts';
import { Seed } from '../harness/seed.ts';
import { startTestRelay } from '../harness/server.ts';
import { post, script, signedIn } from './api.ts';

const QUERY = '{ viewer { user { email } apiKey { name } } }';
type Headers = Record<string, string>;

/** Every way to ask with a cookie: its status, 101 for a WebSocket that was let in. */
const doors: Record<string, (room: Room, headers: Headers) => Promise<number>> = {
  POST: async (room, headers) => (await post(room, QUERY, {}, headers)).status,
  GET: (room, headers) => read(room, headers),
  SSE: (room, headers) => read(room, { ...headers, accept: 'text/event-stream' }),
  WebSocket: async (room, headers) => {
    const options = { protocols: ['graphql-transport-ws'], headers };
    const socket = await connect(`${room.relay.wsUrl}/graphql`, options).catch((error: Error) => error);
    if (socket instanceof Error) return Number(/\b\d{3}\b/.exec(socket.message)?.[0]);
    await socket.kill();
    return 101;
  },
};

async function read(room: Room, headers: Headers): Promise<number> {
  const response = await fetch(`${room.relay.url}/graphql?query=${encodeURIComponent(QUERY)}`, { headers });
  await response.body?.cancel();
  return response.status;
}

async function start(config: Partial<Config>): Promise<Room> {
  const room = new Room();
  room.relay = await startTestRelay({ clock: room.clock, config });
  room.seed = await Seed.create((text, values) => room.relay.sql(text, values));
  return room;
}

let told: Room;
let untold: Room;
beforeAll(async () => {
  told = await start({ publicUrl: 'https://relay.example.com', trustedProxies: ['127.0.0.1'] });
  untold = await start({ trustedProxies: ['127.0.0.1'] });
});
afterAll(async () => {
  await told.relay.close();
  await untold.relay.close();
});

/** Whoever came by a cookie is let in from these origins, on every door, and from no other. */
async function expectOnly(room: Room, own: string[], foreign: string[], more: Headers = {}): Promise<void> {
  const person = await signedIn(room, 'owner');
  const secure = room === told || more['x-forwarded-proto'] === 'https';
  const cookie = `${secure ? '__Host-' : ''}${person.headers['cookie']}`;
  for (const [door, ask] of Object.entries(doors)) {
    for (const origin of own)
      expect(await ask(room, { ...more, cookie, origin }), `${door} ${origin}`).toBe(
        door === 'WebSocket' ? 101 : 200,
      );
    for (const origin of foreign)
      expect(await ask(room, { ...more, cookie, origin }), `${door} ${origin}`).toBe(403);
  }
}

const ELSEWHERE = ['https://evil.example', 'null', 'nonsense', 'chrome-extension://abcdef', 'file://'];

describe('a page of another origin cannot use the session of a person, over HTTP, SSE nor WebSocket', () => {
  test('where PUBLIC_URL says which origin is Relay’s: scheme, host and port', async () => {
    await expectOnly(
      told,
      ['https://relay.example.com', 'https://relay.example.com:443'],
      [
        ...ELSEWHERE,
        'http://relay.example.com',
        'https://relay.example.com:8443',
        'https://www.relay.example.com',
        told.relay.url,
      ],
    );
  });

  test('where only the Host says so: host and port, since a proxy may have ended TLS', async () => {
    const { host, hostname } = new URL(untold.relay.url);
    await expectOnly(
      untold,
      [`http://${host}`, `https://${host}`],
      [...ELSEWHERE, `http://${hostname}`, `http://${hostname}:1`],
    );
  });

  test('and the scheme too, where a trusted proxy tells it', async () => {
    const { host } = new URL(untold.relay.url);
    const https = { 'x-forwarded-proto': 'https' };
    await expectOnly(untold, [`https://${host}`], [...ELSEWHERE, `http://${host}`], https);
  });

  test('but not where it tells of http: it may be an inner one, and TLS have ended before it', async () => {
    const { host } = new URL(untold.relay.url);
    const http = { 'x-forwarded-proto': 'http' };
    await expectOnly(untold, [`http://${host}`, `https://${host}`], ELSEWHERE, http);
  });
});

test('a refusal says why, and lets no other origin read it', async () => {
  const person = await signedIn(untold, 'owner');
  const foreign = { origin: 'https://evil.example' };
  const answer = await post(untold, QUERY, {}, { ...person.headers, ...foreign });
  expect(JSON.parse(answer.text)).toMatchObject({ code: 'FOREIGN_ORIGIN' });
  expect(answer.headers.get('access-control-allow-origin')).toBeNull();
  const preflight = { ...foreign, 'access-control-request-method': 'POST' };
  const response = await fetch(`${untold.relay.url}/graphql`, { method: 'OPTIONS', headers: preflight });
  expect(response.headers.get('access-control-allow-origin')).toBeNull();
});

test('a key is let in from anywhere', async () => {
  for (const room of [told, untold])
    for (const [door, ask] of Object.entries(doors))
      expect(await ask(room, { ...script(room).headers, origin: 'https://evil.example' }), door).toBe(
        door === 'WebSocket' ? 101 : 200,
      );
});
