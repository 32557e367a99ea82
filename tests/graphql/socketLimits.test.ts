import { request } from 'node:http';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { STRANGERS_PER_ADDRESS } from '../../server/graphql/strangers.ts';
import type { Client } from '../harness/client.ts';
import { connect, refused } from '../harness/client.ts';
import { withoutTable } from '../harness/outage.ts';
import { useRelay } from '../harness/room.ts';
import { organizationId, signedIn } from './api.ts';

/** A proxy on 127.0.0.1 is trusted; whoever else comes is who they are. */
const room = useRelay({ trustedProxies: ['127.0.0.1'] });
afterEach(() => vi.restoreAllMocks());

const protocols = ['graphql-transport-ws'];
const url = () => `${room.relay.wsUrl}/graphql`;
const open = (from: string, headers: Record<string, string> = {}) =>
  connect(url(), { protocols, from, headers });
const subscribe = (id: string, query = '{ signup { open } }', variables = {}) => ({
  type: 'subscribe',
  id,
  payload: { query, variables },
});

async function greet(client: Client, payload: object = {}): Promise<Client> {
  client.send({ type: 'connection_init', payload });
  await client.find('connection_ack');
  return client;
}

describe('a GraphQL socket that nobody has signed in on', () => {
  test('is closed when it does not begin within three seconds', async () => {
    const client = await open('127.0.2.1');
    const began = performance.now();
    expect(await client.closed).toMatchObject({ code: 4408 });
    expect(performance.now() - began).toBeLessThan(6_000);
  });

  test('is closed when it begins with anything else, or twice', async () => {
    for (const message of [subscribe('1'), 'nonsense', { type: 'x' }, '[]', 'null']) {
      const client = await open('127.0.2.2');
      client.send(message);
      expect([4400, 4401]).toContain((await client.closed).code);
    }
    const twice = await greet(await open('127.0.2.2'));
    twice.send({ type: 'connection_init' });
    expect((await twice.closed).code).toBe(4429);
  });

  test(`has at most ${STRANGERS_PER_ADDRESS} beside it from one address, and takes no place of others`, async () => {
    const crowd = '127.0.2.3';
    const clients: Client[] = [];
    while (clients.length < STRANGERS_PER_ADDRESS) {
      const opened = Array.from({ length: 50 }, () => open(crowd));
      clients.push(...(await Promise.all((await Promise.all(opened)).map((client) => greet(client)))));
    }
    const full = await refused(url(), { protocols, from: crowd });
    expect(full).toMatchObject({ status: 429, problem: { code: 'TOO_MANY_CONNECTIONS' } });
    expect(Number(full.headers['retry-after'])).toBeGreaterThan(0);
    await greet(await open('127.0.2.4'));
    await clients[0]!.close();
    await vi.waitFor(async () => greet(await open(crowd)), { timeout: 5_000 });
  });

  test('has no more beside it from a whole IPv6 network', async () => {
    const via = (host: number, network = '2001:db8:1:1') => ({ 'x-forwarded-for': `${network}::${host}` });
    for (let n = 0; n < STRANGERS_PER_ADDRESS; n += 50)
      await Promise.all(
        Array.from({ length: 50 }, async (_, k) => greet(await open('127.0.0.1', via(n + k)))),
      );
    const full = await refused(url(), { protocols, headers: via(9_999) });
    expect(full).toMatchObject({ status: 429, problem: { code: 'TOO_MANY_CONNECTIONS' } });
    await greet(await open('127.0.0.1', via(1, '2001:db8:1:2')));
  });

  test('gives its place back once somebody has signed in on it', async () => {
    const crowd = '127.0.2.5';
    const person = await signedIn(room, 'member');
    const authorization = `Bearer ${room.seed.key.token}`;
    for (let n = 0; n < STRANGERS_PER_ADDRESS; n += 50) {
      const headers = Array.from({ length: 50 }, (_, each) => (each % 2 === 0 ? person.headers : {}));
      const clients = await Promise.all(headers.map((each) => open(crowd, each)));
      await Promise.all(
        clients.map((client) => greet(client, client === clients[0] ? {} : { authorization })),
      );
    }
    await greet(await open(crowd));
  });

  test('takes its place back from a handshake that fails', async () => {
    const crowd = '127.0.2.6';
    for (let n = 0; n < STRANGERS_PER_ADDRESS + 1; n += 1) expect(await halfShaken(crowd)).toBe(400);
    await greet(await open(crowd));
  });
});

/** The status that a handshake without a key is answered with. */
function halfShaken(from: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const headers = { connection: 'Upgrade', upgrade: 'websocket', 'sec-websocket-version': '13' };
    const sent = request(url().replace('ws', 'http'), { headers, localAddress: from });
    sent.on('response', (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    sent.on('error', reject);
    sent.end();
  });
}

describe('a message on a GraphQL socket', () => {
  test('that is too big closes it with 1009, and says nothing on the terminal', async () => {
    const spoken = [vi.spyOn(console, 'error'), vi.spyOn(process.stderr, 'write')];
    const client = await greet(await open('127.0.2.7'));
    client.send(`{"type":"ping","payload":{"x":"${'x'.repeat(1024 * 1024)}"}}`);
    expect((await client.closed).code).toBe(1009);
    for (const spy of spoken) expect(spy).not.toHaveBeenCalled();
  });

  test('that is not UTF-8, or binary nonsense, closes it quietly too', async () => {
    const spoken = vi.spyOn(console, 'error');
    const garbled = await greet(await open('127.0.2.7'));
    garbled.sendText(Buffer.from([0x22, 0xff, 0xfe, 0x22]));
    expect((await garbled.closed).code).toBe(1007);
    const binary = await greet(await open('127.0.2.7'));
    binary.send(Buffer.from([0, 1, 2, 3]));
    expect((await binary.closed).code).toBe(4400);
    expect(spoken).not.toHaveBeenCalled();
  });

  test('may name its operation as it likes', async () => {
    const client = await greet(await open('127.0.2.8'));
    for (const id of ['__proto__', 'constructor', 'a\u0000b', 'half \ud800', 'x'.repeat(10_000)]) {
      client.send(subscribe(id));
      const { body } = await client.find('next');
      expect(body.payload.data.signup).toEqual({ open: true });
      expect((await client.find('complete')).body.id).toBe(body.id);
    }
  });

  test('of 10,000 levels, or of another prototype, is refused or answered, and the next one is answered', async () => {
    const client = await greet(await open('127.0.2.9'));
    const query = 'query Q($id: ID!) { app(id: $id) { id } }';
    const nested = `${'['.repeat(10_000)}${']'.repeat(10_000)}`;
    const frame = (id: string, variables: string) =>
      `{"type":"subscribe","id":"${id}","payload":{"query":${JSON.stringify(query)},"variables":${variables}}}`;
    for (const variables of [`{"id":${nested}}`, '{"__proto__":{"id":"x"}}', '{"id":1e400}']) {
      client.send(frame('1', variables));
      expect((await client.find(['next', 'error'])).text).not.toContain('INTERNAL_SERVER_ERROR');
      await client.find(['complete', 'pong', 'connection_ack'], {}).catch(() => undefined);
    }
    client.send(subscribe('2'));
    expect((await client.find('next', { id: '2' })).body.payload.data.signup.open).toBe(true);
  });

  test('opens at most 100 operations at once', async () => {
    const client = await greet(await open('127.0.2.10'), { authorization: `Bearer ${room.seed.key.token}` });
    const app = await room.seed.app();
    const watch = 'subscription W($id: ID!) { appConnectionChanged(appId: $id) { appId } }';
    for (let n = 0; n < 101; n += 1) client.send(subscribe(`${n}`, watch, { id: app.globalId }));
    const { body } = await client.find('error', { id: '100' });
    expect(body.payload).toMatchObject([{ extensions: { code: 'RATE_LIMITED' } }]);
  });
});

describe('what fails behind a GraphQL socket is told without names of tables, and not on the terminal', () => {
  const inside = /select|session|app_|"app"|relation|\.ts/i;

  test('when it is to be said who is asking', async () => {
    const spoken = vi.spyOn(console, 'error');
    const person = await signedIn(room, 'member');
    const client = await open('127.0.2.11', person.headers);
    const closed = await withoutTable(room.relay.sql, 'session', () => {
      client.send({ type: 'connection_init' });
      return client.closed;
    });
    expect(closed.code).toBe(1013);
    expect(closed.reason).not.toMatch(inside);
    expect(spoken).not.toHaveBeenCalled();
    await greet(await open('127.0.2.11', person.headers));
  });

  test('when a subscription reads', async () => {
    const spoken = vi.spyOn(console, 'error');
    const client = await greet(await open('127.0.2.12'), { authorization: `Bearer ${room.seed.key.token}` });
    const watch =
      'subscription W($id: ID!) { connectionChanged(organizationId: $id) { subject { __typename } } }';
    const { body } = await withoutTable(room.relay.sql, 'app', () => {
      client.send(subscribe('1', watch, { id: organizationId(room.seed) }));
      return client.find(['next', 'error'], { id: '1' });
    });
    const errors = body.type === 'error' ? body.payload : body.payload.errors;
    expect(errors).toMatchObject([{ message: 'Something went wrong.' }]);
    expect(JSON.stringify(body)).not.toMatch(inside);
    expect(spoken).not.toHaveBeenCalled();
  });
});
