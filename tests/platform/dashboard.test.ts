import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { dashboard } from '../../server/http/dashboard.ts';
import { createHttpServer } from '../../server/http/server.ts';
import type { HttpServer } from '../../server/http/server.ts';
import { createLog } from '../../server/log.ts';
import { temporaryFolder } from '../harness/process.ts';

const folder = temporaryFolder();
let server: HttpServer;
let port: number;
beforeAll(async () => {
  mkdirSync(join(folder, 'client/assets'), { recursive: true });
  writeFileSync(join(folder, 'secret.txt'), 'a secret beside the dashboard');
  writeFileSync(join(folder, 'client/index.html'), '<!doctype html><title>dashboard</title>');
  writeFileSync(join(folder, 'client/graphiql.html'), '<!doctype html><title>graphiql</title>');
  writeFileSync(join(folder, 'client/assets/main-abc123.js'), `const x = '${'x'.repeat(4096)}';`);
  const fallback = await dashboard(join(folder, 'client'));
  server = createHttpServer({ handlers: {}, upgrades: {}, fallback }, createLog('silent'), false);
  port = await server.listen(0, '127.0.0.1');
});
afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});

const page = { accept: 'text/html' };
const get = (path: string, headers: Record<string, string> = {}) =>
  fetch(`http://127.0.0.1:${port}${path}`, { headers });

/** As sent, since fetch would tidy the path up. */
function raw(path: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.write(`GET ${path} HTTP/1.1\r\nhost: x\r\naccept: text/html\r\nconnection: close\r\n\r\n`);
    });
    let text = '';
    socket.on('data', (chunk) => (text += chunk.toString()));
    socket.on('end', () => resolve(text));
    socket.on('error', reject);
  });
}

test.each([
  '/../secret.txt',
  '/assets/../../secret.txt',
  '/%2e%2e/secret.txt',
  '/..%2fsecret.txt',
  '//../secret.txt',
  '/..\\secret.txt',
])('no path leads outside the dashboard: %s', async (path) => {
  expect(await raw(path)).not.toContain('a secret');
});

test('a page of the dashboard is served at every route, a missing file is not', async () => {
  for (const path of ['/', '/acme/apps', '/acme/apps/portal?tab=tokens']) {
    const answer = await get(path, page);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('cache-control')).toBe('no-cache');
    expect(await answer.text()).toContain('dashboard');
  }
  expect(await (await get('/graphiql', page)).text()).toContain('graphiql');
  expect((await get('/assets/gone-123456.js', page)).status).toBe(404);
  expect((await get('/acme/apps', { accept: 'application/json' })).status).toBe(404);
});

test('hashed files are cached for ever, compressed, and not sent twice', async () => {
  const answer = await get('/assets/main-abc123.js', { 'accept-encoding': 'br' });
  expect(answer.headers.get('cache-control')).toContain('immutable');
  expect(answer.headers.get('content-encoding')).toBe('br');
  expect(await answer.text()).toContain('xxxx');
  const again = await get('/assets/main-abc123.js', { 'if-none-match': answer.headers.get('etag') ?? '' });
  expect(again.status).toBe(304);
});

test('only reading is possible', async () => {
  const answer = await fetch(`http://127.0.0.1:${port}/`, { method: 'POST', body: 'x' });
  expect(answer.status).toBe(405);
});

test('a host that is not one never reaches the policy', async () => {
  const answer = await new Promise<string>((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.write(
        `GET / HTTP/1.1\r\nhost: x; script-src *\r\naccept: text/html\r\nconnection: close\r\n\r\n`,
      );
    });
    let text = '';
    socket.on('data', (chunk) => (text += chunk.toString()));
    socket.on('end', () => resolve(text));
  });
  expect(answer).not.toContain('script-src *');
});

test('an upgrade nobody serves is an ordinary request', async () => {
  const answer = await new Promise<string>((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.write(
        `GET /nowhere.js HTTP/1.1\r\nhost: x\r\nconnection: upgrade, close\r\nupgrade: websocket\r\n\r\n`,
      );
    });
    let text = '';
    socket.on('data', (chunk) => (text += chunk.toString()));
    socket.on('end', () => resolve(text));
  });
  expect(answer).toContain('404');
  expect(answer).toContain('application/problem+json');
});
