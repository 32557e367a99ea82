import { request } from 'node:http';
import { describe, expect, it } from 'vitest';
import { mintToken } from '../../server/credentials/token.ts';
import { connect, refused } from '../harness/client.ts';
import type { ConnectOptions } from '../harness/client.ts';
import { useRelay } from '../harness/room.ts';
import type { Owner } from '../harness/seed.ts';
import { signed } from '../harness/tokens.ts';

const room = useRelay();
const door = (owner: Owner) => (owner.kind === 'app' ? room.appDoor : room.agentDoor);

// Every failed attempt counts against its address, so each test comes from one of its own.
let addresses = 1;
const somewhere = () => `127.0.1.${(addresses += 1)}`;

async function refusal(url: string, options: ConnectOptions) {
  const { status, headers, problem, text } = await refused(url, { from: somewhere(), ...options });
  expect(headers['content-type']).toMatch(/^application\/problem\+json/);
  expect(problem.status).toBe(status);
  expect(problem.title).toBeTypeOf('string');
  if (options.token) expect(text).not.toContain(options.token);
  return { status, code: problem.code };
}

describe.each(['app', 'agent'] as const)('the door of an %s', (kind) => {
  it('opens for a token in the header, and for one in the query', async () => {
    const owner = await room.seed[kind]();
    const header = await connect(door(owner), { token: owner.token });
    const query = await connect(door(owner), { token: owner.token, inQuery: true });
    for (const client of [header, query]) await client.settled();
  });

  it('reads the header and not the query when both carry a token', async () => {
    const owner = await room.seed[kind]();
    const wrong = mintToken(kind, owner.slug).token;
    const client = await connect(door(owner), { token: owner.token, query: { token: wrong } });
    await client.settled();
    const answer = await refusal(door(owner), { token: wrong, query: { token: owner.token } });
    expect(answer).toEqual({ status: 401, code: 'UNAUTHORIZED' });
  });

  it('stays shut without a token, or with one that is malformed, unknown or of another kind', async () => {
    const owner = await room.seed[kind]();
    const other = await room.seed[kind === 'app' ? 'agent' : 'app']();
    const unauthorized = { status: 401, code: 'UNAUTHORIZED' };
    expect(await refusal(door(owner), {})).toEqual(unauthorized);
    const tokens = [
      'nonsense',
      owner.token.slice(0, -1),
      `${owner.token}0`,
      owner.token.toUpperCase(),
      mintToken(kind, owner.slug).token,
      other.token,
      room.seed.key.token,
    ];
    for (const token of tokens) expect(await refusal(door(owner), { token }), token).toEqual(unauthorized);
    expect(await refusal(door(owner), { headers: { authorization: `Basic ${owner.token}` } })).toEqual(
      unauthorized,
    );
  });

  it('stays shut for a token with the longest id whose last character was altered', async () => {
    const id = `${kind === 'app' ? 'p' : 'g'}${'-'.repeat(38)}9`;
    const owner = kind === 'app' ? await room.seed.app(id) : await room.seed.agent({ slug: id });
    const altered = owner.token.slice(0, -1) + (owner.token.endsWith('0') ? '1' : '0');
    expect((await refusal(door(owner), { token: altered })).status).toBe(401);
    const client = await connect(door(owner), { token: owner.token });
    await client.settled();
  });

  it('stays shut for a known lookup with another secret, though the checksum is right', async () => {
    const owner = await room.seed[kind]();
    const at = owner.token.length - 8;
    const secret = owner.token[at] === 'a' ? 'b' : 'a';
    const forged = signed(owner.token.slice(0, at) + secret);
    expect(await refusal(door(owner), { token: forged })).toEqual({ status: 401, code: 'UNAUTHORIZED' });
  });

  it('stays shut for the right random part under another id', async () => {
    const owner = await room.seed[kind]();
    const prefix = owner.token.slice(0, 4);
    const moved = signed(`${prefix}elsewhere_${owner.token.slice(-57, -7)}`);
    expect((await refusal(door(owner), { token: moved })).status).toBe(401);
  });

  it('tells a deactivated owner so, and lets the same token in again afterwards', async () => {
    const owner = await room.seed[kind]();
    const noun = kind === 'app' ? 'App' : 'Agent';
    await room.mutate(`deactivate${noun}`, { id: owner.globalId }, `${kind} { id }`);
    expect(await refusal(door(owner), { token: owner.token })).toEqual({ status: 403, code: 'INACTIVE' });
    await room.mutate(`reactivate${noun}`, { id: owner.globalId }, `${kind} { id }`);
    await (await connect(door(owner), { token: owner.token })).settled();
  });

  it('does not tell that an owner is deactivated to whoever has not its token', async () => {
    const owner = await room.seed[kind]();
    await room.relay.sql(`update ${kind} set deactivated_at = now() where id = $1`, [owner.id]);
    const at = owner.token.length - 8;
    const forged = signed(owner.token.slice(0, at) + (owner.token[at] === 'a' ? 'b' : 'a'));
    expect((await refusal(door(owner), { token: forged })).status).toBe(401);
  });

  it('ignores cookies and does not care about the origin', async () => {
    const owner = await room.seed[kind]();
    const headers = { origin: 'https://elsewhere.example', cookie: 'relay_session=whatever' };
    await (await connect(door(owner), { token: owner.token, headers })).settled();
    expect((await refusal(door(owner), { headers })).status).toBe(401);
  });

  it('lets several instances in with one token', async () => {
    const owner = await room.seed[kind]();
    const clients = await Promise.all([1, 2, 3].map(() => connect(door(owner), { token: owner.token })));
    for (const client of clients) await client.settled();
  });

  it('sends a plain client nothing on its own', async () => {
    const owner = await room.seed[kind]();
    const client = await connect(door(owner), { token: owner.token });
    await client.settled();
    expect(client.frames.map((frame) => frame.body.type)).toEqual(['pong']);
  });

  it('greets an extended client first', async () => {
    const owner = await room.seed[kind]();
    const client = await connect(door(owner), { token: owner.token, protocols: ['other', 'relay.v1'] });
    expect(client.socket.protocol).toBe('relay.v1');
    const { body } = await client.next('hello');
    expect(body.connection_id).toBeTypeOf('string');
    expect(body[`${kind}_id`]).toBe(owner.slug);
    expect(body.heartbeat_seconds).toBe(30);
    if (kind === 'app') {
      expect(body.limits).toEqual({ payload_bytes: 65_536, events_per_minute: 6_000, in_flight: 1_000 });
    }
  });

  it('answers a binary frame with INVALID_MESSAGE and stays open', async () => {
    const owner = await room.seed[kind]();
    const client = await connect(door(owner), { token: owner.token });
    client.send(Buffer.from('{"type":"ping"}'));
    expect((await client.next('error')).body.code).toBe('INVALID_MESSAGE');
    await client.settled();
  });

  it('closes with 1007 on text that is not UTF-8', async () => {
    const owner = await room.seed[kind]();
    const client = await connect(door(owner), { token: owner.token });
    client.sendText(Buffer.from([0x22, 0xff, 0xfe, 0x22]));
    expect((await client.closed).code).toBe(1007);
  });

  it('selects no subprotocol but relay.v1', async () => {
    const owner = await room.seed[kind]();
    const answer = await handshake(
      door(owner),
      { authorization: `Bearer ${owner.token}` },
      'other, relay.v2',
    );
    expect(answer.status).toBe(101);
    expect(answer.protocol).toBeUndefined();
  });
});

it('ack=1 is refused on a plain connection, and taken on an extended one', async () => {
  const app = await room.seed.app();
  const plain = await refusal(room.appDoor, { token: app.token, query: { ack: '1' } });
  expect(plain).toEqual({ status: 400, code: 'BAD_REQUEST' });
  const client = await connect(room.appDoor, {
    token: app.token,
    query: { ack: '1' },
    protocols: ['relay.v1'],
  });
  await client.next('hello');
});

it('a request that is no WebSocket upgrade is refused with 400', async () => {
  const app = await room.seed.app();
  const url = room.appDoor.replace('ws', 'http');
  const response = await fetch(url, { headers: { authorization: `Bearer ${app.token}` } });
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({ status: 400, code: 'BAD_REQUEST' });
});

function handshake(url: string, headers: Record<string, string>, protocols: string) {
  return new Promise<{ status: number | undefined; protocol: string | undefined }>((resolve, reject) => {
    const upgrade = {
      connection: 'Upgrade',
      upgrade: 'websocket',
      'sec-websocket-version': '13',
      'sec-websocket-key': Buffer.alloc(16).toString('base64'),
      'sec-websocket-protocol': protocols,
    };
    const sent = request(url.replace('ws', 'http'), { headers: { ...headers, ...upgrade } });
    sent.on('upgrade', (response, socket) => {
      socket.destroy();
      resolve({ status: response.statusCode, protocol: response.headers['sec-websocket-protocol'] });
    });
    sent.on('response', (response) => resolve({ status: response.statusCode, protocol: undefined }));
    sent.on('error', reject);
    sent.end();
  });
}
