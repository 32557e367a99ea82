import { connect } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestRelay } from '../harness/server.ts';
import type { TestRelay } from '../harness/server.ts';

let relay: TestRelay;
beforeAll(async () => void (relay = await startTestRelay()));
afterAll(() => relay.close());

/** Milliseconds until Relay ends a connection on which only this is ever sent. */
function endOf(text: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const began = performance.now();
    const socket = connect(Number(new URL(relay.url).port), '127.0.0.1', () => socket.write(text));
    socket.on('error', reject);
    socket.resume();
    socket.on('close', () => resolve(performance.now() - began));
  });
}

const HALF: Record<string, string> = {
  'half a request line': 'GET /heal',
  'half its headers': 'GET /healthz HTTP/1.1\r\nhost: x\r\n',
  'half a header': 'POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: appl',
  'half an upgrade of an app':
    'GET /v1/ws/app HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\nupgrade: websocket\r\n',
  'half an upgrade of a dashboard': 'GET /graphql HTTP/1.1\r\nhost: x\r\nupgrade: websocket\r\n',
};

test('whoever does not finish their headers is cut off within fifteen seconds, however many they are', async () => {
  const all = Object.values(HALF).flatMap((text) => Array.from({ length: 40 }, () => endOf(text)));
  const answer = await fetch(`${relay.url}/healthz`);
  expect(answer.status).toBe(200);
  for (const took of await Promise.all(all)) expect(took).toBeLessThan(15_000);
  expect((await fetch(`${relay.url}/readyz`)).status).toBe(200);
}, 30_000);

test('an upgrade that is then silent is answered, and closed for want of a sign-in', async () => {
  const head = [
    'GET /graphql HTTP/1.1',
    'host: x',
    'connection: upgrade',
    'upgrade: websocket',
    'sec-websocket-version: 13',
    'sec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==',
    'sec-websocket-protocol: graphql-transport-ws',
  ];
  expect(await endOf(`${head.join('\r\n')}\r\n\r\n`)).toBeLessThan(40_000);
}, 60_000);
