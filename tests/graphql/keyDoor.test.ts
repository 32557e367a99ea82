import argon2 from 'argon2';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { mintToken } from '../../server/credentials/token.ts';
import type { Client } from '../harness/client.ts';
import { connect } from '../harness/client.ts';
import { LANE, holdHashes } from '../harness/hashes.ts';
import { withoutTable } from '../harness/outage.ts';
import { useRelay } from '../harness/room.ts';
import { forged, mistyped } from '../harness/tokens.ts';
import { organizationId, post, signedIn } from './api.ts';

/** Behind a proxy, so that each test comes from addresses of its own. */
const room = useRelay({ trustedProxies: ['127.0.0.1'] });
afterEach(() => vi.restoreAllMocks());

const headersOf = (key: string, from: string) => ({
  authorization: `Bearer ${key}`,
  'x-forwarded-for': from,
});
const ask = (key: string, from: string) =>
  post(room, '{ viewer { apiKey { name } } }', {}, headersOf(key, from));

/** A WebSocket that begins with this key. */
async function dial(key: string, from: string): Promise<Client> {
  const { authorization, ...headers } = headersOf(key, from);
  const client = await connect(`${room.relay.wsUrl}/graphql`, {
    protocols: ['graphql-transport-ws'],
    headers,
  });
  client.send({ type: 'connection_init', payload: { authorization } });
  return client;
}

/** The code a WebSocket that begins with this key is closed with; null where it is let in. */
async function begin(key: string, from: string): Promise<{ code: number; reason: string } | null> {
  const client = await dial(key, from);
  return Promise.race([client.find('connection_ack').then(() => null), client.closed]).catch(
    () => client.closed,
  );
}

async function errorsOfStream(key: string, from: string): Promise<unknown> {
  const response = await fetch(`${room.relay.url}/graphql`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'text/event-stream',
      ...headersOf(key, from),
    },
    body: JSON.stringify({ query: '{ viewer { apiKey { name } } }' }),
  });
  return JSON.parse(/^data: (.+)$/m.exec(await response.text())?.[1] ?? '').errors;
}

async function errorsOnSocket(client: Client): Promise<unknown> {
  client.send({ type: 'subscribe', id: '1', payload: { query: '{ viewer { apiKey { name } } }' } });
  return (await client.find('error', { id: '1' })).body.payload;
}

describe('an API key', () => {
  test('that was mistyped is refused before any query and any hash', async () => {
    const from = '198.51.100.1';
    const { key, slug } = room.seed;
    const hashes = vi.spyOn(argon2, 'verify');
    await withoutTable(room.relay.sql, 'api_key', async () => {
      for (const wrong of ['nonsense', mintToken('app', slug).token, ...mistyped(key.token)]) {
        expect(await ask(wrong, from)).toMatchObject({ status: 401 });
        expect(await begin(wrong, from)).toMatchObject({ code: 4403 });
      }
      // What has to be looked for cannot be answered now.
      const unknown = mintToken('key', slug).token;
      expect((await ask(unknown, from)).errors).toMatchObject([
        { extensions: { code: 'INTERNAL_SERVER_ERROR' } },
      ]);
      expect(await begin(unknown, from)).toMatchObject({ code: 1013 });
    });
    expect(hashes).not.toHaveBeenCalled();
  });

  test('costs a hash where its lookup is known, wherever it is wrong; every refusal is the same', async () => {
    const from = '198.51.100.2';
    const owner = await signedIn(room, 'owner');
    const input = { organizationId: organizationId(room.seed), name: 'over' };
    const over = await owner.mutate('createApiKey', input, 'key apiKey { id }');
    await owner.mutate('revokeApiKey', { id: over.apiKey.id });
    const { token } = room.seed.key;
    expect((await ask(token, from)).data.viewer.apiKey.name).toBe('tests');
    const hashes = vi.spyOn(argon2, 'verify');
    const refusals: unknown[] = [];
    const costOf = async (key: string) => {
      const before = hashes.mock.calls.length;
      const { status, text } = await ask(key, from);
      refusals.push({ status, text });
      return hashes.mock.calls.length - before;
    };
    for (const nobodys of [mintToken('key', room.seed.slug).token, forged(token, 0), over.key])
      expect(await costOf(nobodys)).toBe(0);
    for (const at of [12, 31, 49]) expect(await costOf(forged(token, at)), `${at}`).toBe(1);
    for (const refusal of refusals) expect(refusal).toEqual(refusals[0]);
    expect(refusals[0]).toMatchObject({ status: 401 });
  });

  test('is not guessed more than 30 times a minute from one address; a right one is let in all the same', async () => {
    const [from, elsewhere] = ['198.51.100.3', '198.51.100.4'];
    const { token } = room.seed.key;
    for (let n = 0; n < 15; n += 1) {
      expect((await ask('nonsense', from)).status).toBe(401);
      expect(await begin(forged(token, 12 + n), from)).toMatchObject({ code: 4403 });
    }
    for (const wrong of ['nonsense', forged(token, 30)]) {
      const { status, headers, errors } = await ask(wrong, from);
      expect(status).toBe(429);
      const seconds = Number(headers.get('retry-after'));
      expect(seconds).toBeGreaterThan(0);
      expect(seconds).toBeLessThanOrEqual(60);
      expect(errors).toMatchObject([{ extensions: { code: 'RATE_LIMITED', retryAfterSeconds: seconds } }]);
      expect(await begin(wrong, from)).toMatchObject({ code: 1013 });
    }
    expect((await ask('nonsense', elsewhere)).status).toBe(401);
    expect((await ask(token, from)).status).toBe(200);
    expect(await begin(token, from)).toBeNull();
    const atOnce = Array.from({ length: 20 }, async () => (await ask(token, from)).status);
    expect(new Set(await Promise.all(atOnce))).toEqual(new Set([200]));
    room.clock.advance(61_000);
    expect((await ask('nonsense', from)).status).toBe(401);
  });

  test('is not guessed more often from a whole IPv6 network than from one address', async () => {
    for (let n = 0; n < 30; n += 1)
      expect((await ask('nonsense', `2001:db8:1:1::${n.toString(16)}`)).status).toBe(401);
    expect((await ask('nonsense', '2001:db8:1:1:ffff::1')).status).toBe(429);
    expect((await ask('nonsense', '2001:db8:1:2::1')).status).toBe(401);
  });

  test('that no longer lets in is told the same over HTTP, SSE and WebSocket: why, and when to try again where that helps', async () => {
    const from = '198.51.100.6';
    const owner = await signedIn(room, 'owner');
    const input = { organizationId: organizationId(room.seed), name: 'over' };
    const over = await owner.mutate('createApiKey', input, 'key apiKey { id }');
    const client = await dial(over.key, from);
    await client.find('connection_ack');
    await owner.mutate('revokeApiKey', { id: over.apiKey.id });
    const onAllDoors = async () => [
      (await ask(over.key, from)).errors,
      await errorsOfStream(over.key, from),
      await errorsOnSocket(client),
    ];
    const refused = [{ message: 'This API key is not valid.', extensions: { code: 'UNAUTHENTICATED' } }];
    expect(await onAllDoors()).toEqual([refused, refused, refused]);
    while ((await ask('nonsense', from)).status === 401);
    const message = 'Too many failed attempts from this address.';
    const retryAfterSeconds = expect.any(Number);
    const throttled = [{ message, extensions: { code: 'RATE_LIMITED', retryAfterSeconds } }];
    expect(await onAllDoors()).toEqual([throttled, throttled, throttled]);
  });

  test('that cannot be judged, because more wait than may, is told to try again and not that it has no right', async () => {
    const { token } = room.seed.key;
    const from = '198.51.100.5';
    const letGo = holdHashes();
    const tooMany = 12;
    let unseen = 0;
    const storm = Array.from({ length: LANE + tooMany }, async (_, n) => {
      const { status } = await ask(forged(token, 12 + n), `203.0.113.${n + 1}`);
      if (status === 503) unseen += 1;
      return status;
    });
    await expect.poll(() => unseen).toBe(tooMany);
    const overloaded = await ask(token, from);
    expect(overloaded.status).toBe(503);
    const seconds = Number(overloaded.headers.get('retry-after'));
    expect(seconds).toBeGreaterThan(0);
    const extensions = { code: 'OVERLOADED', retryAfterSeconds: seconds };
    expect(overloaded.errors).toMatchObject([{ extensions }]);
    expect(await errorsOfStream(token, from)).toMatchObject([{ extensions }]);
    expect(await begin(token, from)).toEqual({ code: 1013, reason: 'Try again later' });
    letGo();
    expect((await Promise.all(storm)).filter((status) => status === 401)).toHaveLength(LANE);
    expect((await ask(token, from)).status).toBe(200);
    expect(await begin(token, from)).toBeNull();
  });
});
