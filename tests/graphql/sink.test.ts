import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { afterEach, beforeEach, expect, it, test } from 'vitest';
import type { AddressInfo } from 'node:net';
import { WebSocket, WebSocketServer } from 'ws';
import { createSink, messageOf } from '../../server/graphql/live/sink.ts';
import type { Sink } from '../../server/graphql/live/sink.ts';

let server: WebSocketServer;
let client: WebSocket;
let accepted: WebSocket;
let sink: Sink;

beforeEach(async () => {
  server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false });
  await once(server, 'listening');
  const connected = once(server, 'connection') as Promise<[WebSocket, IncomingMessage]>;
  client = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`);
  await once(client, 'open');
  const [socket, request] = await connected;
  accepted = socket;
  sink = createSink(socket, request.socket, 'an "id" of ünïcode');
});
afterEach(() => {
  client.terminate();
  server.close();
});

async function received(): Promise<string> {
  const [data, isBinary] = (await once(client, 'message')) as [Buffer, boolean];
  expect(isBinary).toBe(false);
  return data.toString();
}

test.each([0, 1, 30, 60, 61, 62, 63, 100, 16_000, 16_384, 20_000, 65_400, 65_535, 70_000, 300_000])(
  'a message of %i more bytes arrives as graphql-ws would have sent it',
  async (length) => {
    const result = { data: { text: 'x'.repeat(length), snow: '☃' } };
    sink.send(messageOf(result));
    expect(await received()).toBe(
      JSON.stringify({ id: 'an "id" of ünïcode', type: 'next', payload: result }),
    );
  },
);

it('keeps its place among what is sent on the ordinary way', async () => {
  const texts: string[] = [];
  client.on('message', (data: Buffer) => texts.push(data.toString()));
  const message = messageOf({ data: { n: 1 } });
  for (const n of [1, 2, 3]) {
    accepted.send(`ordinary ${n}`);
    sink.send(message);
    accepted.ping();
  }
  accepted.send('last');
  await expect.poll(() => texts.at(-1)).toBe('last');
  expect(texts.map((text) => text.slice(0, 10))).toEqual([
    ...[1, 2, 3].flatMap((n) => [`ordinary ${n}`, '{"id":"an ']),
    'last',
  ]);
});

it('has no room while its reader does not read, and sends nothing to a socket that closes', async () => {
  client.pause();
  const message = messageOf({ data: { text: 'x'.repeat(10_000) } });
  for (let sent = 0; sink.hasRoom() && sent < 5_000; sent += 1) sink.send(message);
  expect(sink.hasRoom()).toBe(false);
  client.resume();
  await expect.poll(() => sink.hasRoom()).toBe(true);
  accepted.close(1000);
  expect(sink.hasRoom()).toBe(false);
  sink.send(message);
  await once(client, 'close');
});
