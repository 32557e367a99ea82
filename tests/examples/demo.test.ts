import { once } from 'node:events';
import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test, vi } from 'vitest';
import { TestProcess, temporaryFolder } from '../harness/process.ts';

vi.setConfig({ testTimeout: 60_000 });

const folder = temporaryFolder();
const dataDir = join(folder, 'demo');
const started: TestProcess[] = [];

interface Kept {
  key: string;
  tokens: Record<string, string>;
}
const kept = (): Kept => JSON.parse(readFileSync(join(dataDir, 'demo.json'), 'utf8')) as Kept;

/** Resolves once everything is at work. */
async function startDemo(): Promise<{ demo: TestProcess; url: string }> {
  const demo = new TestProcess('examples/demo/main.ts', [], {
    RELAY_DATA_DIR: folder,
    PORT: '0',
    // Where real data may be: the demo must not follow these.
    DATABASE_URL: 'postgres://nobody@127.0.0.1:1/real',
    SMTP_URL: 'smtp://127.0.0.1:1',
  });
  started.push(demo);
  const url = await demo.url();
  while (!demo.stdout.includes('Ctrl-C')) {
    await Promise.race([once(demo.child.stdout, 'data'), demo.ended]);
    if (demo.child.exitCode !== null) throw new Error(demo.stderr);
  }
  return { demo, url };
}

const QUERY = `{ organization(slug: "acme") {
  name
  apps { edges { node { appId connection { connected } } } }
  events(first: 1, filter: { status: [DELIVERED] }) { edges { node { reply } } }
} }`;

interface Acme {
  name: string;
  apps: { edges: { node: { appId: string; connection: { connected: boolean } } }[] };
  events: { edges: unknown[] };
}

async function read(url: string): Promise<Acme> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { authorization: `Bearer ${kept().key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ query: QUERY }),
  });
  const { data, errors } = (await response.json()) as { data: { organization: Acme }; errors?: unknown };
  expect(errors).toBeUndefined();
  return data.organization;
}

afterAll(async () => {
  for (const demo of started) if (demo.child.exitCode === null) await demo.kill('SIGTERM');
  rmSync(folder, { recursive: true, force: true });
});

test('the demo shows connected apps and delivered events, keeps its secrets to its owner, and ends on Ctrl-C', async () => {
  const { demo, url } = await startDemo();
  for (;;) {
    const { name, apps, events } = await read(url);
    expect(name).toBe('Acme Corp');
    const connected = apps.edges.filter(({ node }) => node.connection.connected);
    if (connected.length === 3 && events.edges.length > 0) break;
  }
  expect(statSync(join(dataDir, 'demo.json')).mode & 0o077).toBe(0);
  // `ended` waits until nobody holds its output any more: apps, agents and server are gone too.
  expect(await demo.kill('SIGINT')).toBe(0);
  expect(existsSync(join(dataDir, 'postgres/postmaster.pid'))).toBe(false);
});

test('a second start uses what is there, replaces a lost token, and a killed demo leaves no process behind', async () => {
  const before = kept();
  const { portal: _lost, ...others } = before.tokens;
  writeFileSync(join(dataDir, 'demo.json'), JSON.stringify({ key: before.key, tokens: others }));
  const { demo } = await startDemo();
  const after = kept();
  expect(after.key).toBe(before.key);
  expect(after.tokens).toMatchObject(others);
  expect(after.tokens['portal']).toMatch(/^rlk_portal_/);
  expect(after.tokens['portal']).not.toBe(before.tokens['portal']);
  expect(await demo.kill('SIGKILL')).toBe('SIGKILL');
  expect(existsSync(join(dataDir, 'server.lock'))).toBe(false);
});
