import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestRelay } from '../harness/server.ts';
import type { TestRelay } from '../harness/server.ts';

const TOKEN = 'a-token-for-prometheus';
let open: TestRelay;
let guarded: TestRelay;
beforeAll(async () => {
  [open, guarded] = await Promise.all([
    startTestRelay(),
    startTestRelay({ config: { metricsToken: TOKEN, host: '127.0.0.1' } }),
  ]);
});
afterAll(() => Promise.all([open.close(), guarded.close()]));

const get = (relay: TestRelay, path: string, headers: Record<string, string> = {}) =>
  fetch(relay.url + path, { headers });

test('a running Relay is alive and ready', async () => {
  expect((await get(open, '/healthz')).status).toBe(200);
  expect((await get(open, '/readyz')).status).toBe(200);
});

test('metrics are open to this machine where Relay is its alone', async () => {
  const near = await get(open, '/metrics');
  expect(near.status).toBe(200);
  const text = await near.text();
  expect(text).toContain('relay_app_connected');
  expect(text).toContain('process_cpu_seconds_total');
});

test.each([
  ['x-forwarded-for', '203.0.113.9'],
  ['x-forwarded-host', 'relay.example.com'],
  ['x-forwarded-proto', 'https'],
  ['x-forwarded-anything', ''],
  ['forwarded', 'for=203.0.113.9'],
  ['x-real-ip', '203.0.113.9'],
  ['via', '1.1 proxy'],
])('metrics stay closed to what a proxy on this machine passes on: %s', async (header, value) => {
  const proxied = await get(open, '/metrics', { [header]: value });
  expect(proxied.status).toBe(403);
  expect(await proxied.json()).toMatchObject({
    code: 'FORBIDDEN',
    detail: expect.stringContaining('RELAY_METRICS_TOKEN'),
  });
});

test.each([
  ['has a public address', { publicUrl: 'https://relay.example.com' }, 403],
  ['listens to the network', { host: '0.0.0.0' }, 403],
  ['has an address of this machine', { publicUrl: 'http://localhost:4000' }, 200],
  ['has an IPv6 address of this machine', { publicUrl: 'http://[::1]:4000' }, 200],
])('metrics without a token, where Relay %s: %o answers %i', async (_where, config, status) => {
  const relay = await startTestRelay({ config });
  try {
    expect((await get(relay, '/metrics')).status).toBe(status);
  } finally {
    await relay.close();
  }
});

test('a metrics token, once set, is needed by everyone', async () => {
  expect((await get(guarded, '/metrics')).status).toBe(401);
  expect((await get(guarded, '/metrics', { authorization: 'Bearer wrong' })).status).toBe(401);
  expect((await get(guarded, '/metrics', { authorization: `Bearer ${TOKEN}` })).status).toBe(200);
  expect((await get(guarded, `/metrics?token=${TOKEN}`)).status).toBe(401);
});

test('every answer carries the security headers, errors too', async () => {
  for (const path of ['/healthz', '/metrics', '/nothing.js']) {
    const { headers } = await get(guarded, path);
    const policy = headers.get('content-security-policy') ?? '';
    expect(policy).toContain(`default-src 'self'`);
    expect(policy).not.toContain('unsafe');
    expect(policy).toContain(`frame-ancestors 'none'`);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
  }
});

test('browsers are told to come by https only, for a year, where PUBLIC_URL is https and not this machine', async () => {
  const https = await startTestRelay({ config: { publicUrl: 'https://relay.example.com' } });
  const local = await startTestRelay({ config: { publicUrl: 'https://localhost:8443' } });
  const http = await startTestRelay({ config: { publicUrl: 'http://relay.example.com' } });
  const told = async (relay: TestRelay, path: string) =>
    (await get(relay, path)).headers.get('strict-transport-security');
  for (const path of ['/', '/healthz', '/graphql', '/nothing.js']) {
    expect(await told(https, path)).toBe('max-age=31536000');
    for (const relay of [http, local, open]) expect(await told(relay, path)).toBeNull();
  }
  await https.close();
  await local.close();
  await http.close();
});

test('a WebSocket door answers plain HTTP with a problem', async () => {
  const answer = await get(open, '/v1/ws/app');
  expect(answer.status).toBe(400);
  expect(await answer.json()).toMatchObject({ code: 'BAD_REQUEST' });
});

test('a Relay that is ending is alive but not ready', async () => {
  const relay = await startTestRelay();
  try {
    await relay.relay.drain();
    const answer = await get(relay, '/readyz');
    expect(answer.status).toBe(503);
    expect(await answer.json()).toMatchObject({ code: 'UNAVAILABLE', detail: 'Relay is ending.' });
    expect((await get(relay, '/healthz')).status).toBe(200);
  } finally {
    await relay.close();
  }
});

test('without its database Relay is alive but not ready', async () => {
  const relay = await startTestRelay();
  try {
    await relay.sql('select 1');
    const name = new URL(relay.databaseUrl).pathname.slice(1);
    await open.sql(`alter database ${name} allow_connections false`);
    await open.sql('select pg_terminate_backend(pid) from pg_stat_activity where datname = $1', [name]);
    const answer = await get(relay, '/readyz');
    expect(answer.status).toBe(503);
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    expect(await answer.json()).toMatchObject({ code: 'UNAVAILABLE' });
    expect((await get(relay, '/healthz')).status).toBe(200);
    await open.sql(`alter database ${name} allow_connections true`);
    expect((await get(relay, '/readyz')).status).toBe(200);
  } finally {
    await relay.close();
  }
});
