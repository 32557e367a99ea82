import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { parseToken } from '../../server/credentials/token.ts';
import { processStart } from '../../server/database/embeddedLock.ts';
import { TestProcess, temporaryFolder } from '../harness/process.ts';

const folder = temporaryFolder();
const dataDir = join(folder, 'data');
const env = { PORT: '0', RELAY_DATA_DIR: dataDir, RELAY_LOG_LEVEL: 'warn' };
const server = (extra: Record<string, string> = {}) =>
  new TestProcess('server/main.ts', [], { ...env, ...extra });
const cli = (...args: string[]) => new TestProcess('server/cli.ts', args, env);

const running: TestProcess[] = [];
async function started(): Promise<{ process: TestProcess; url: string }> {
  const process = server();
  running.push(process);
  return { process, url: await process.url() };
}

/** 0 while there is none. */
function postmaster(): number {
  try {
    return Number(readFileSync(join(dataDir, 'postgres/postmaster.pid'), 'utf8').split('\n')[0]);
  } catch {
    return 0;
  }
}

async function becomesReady(url: string): Promise<void> {
  while (
    !(await fetch(`${url}/readyz`).then(
      (answer) => answer.ok,
      () => false,
    ))
  );
}

afterAll(async () => {
  for (const process of running) {
    if (process.child.exitCode === null && process.child.signalCode === null) await process.kill('SIGTERM');
  }
  rmSync(folder, { recursive: true, force: true });
});

test('create-api-key prints a key and nothing else, before the server ever ran', async () => {
  const command = cli('create-api-key', '--org', 'acme', '--email', 'owner@example.com');
  expect(await command.ended).toBe(0);
  expect(command.stdout).toMatch(/^rlo_acme_[0-9a-z]+\n$/);
  expect(parseToken('key', command.stdout.trim())?.id).toBe('acme');
});

test('a wrong command line says what is wrong, on stderr', async () => {
  const command = cli('create-api-key', '--org', 'No Slug', '--email', 'nobody');
  expect(await command.ended).toBe(1);
  expect(command.stdout).toBe('');
  expect(command.stderr).toContain('--org');
  expect(command.stderr).toContain('--email');
});

test.each([
  ['an unknown command', ['perform'], 'There is no command "perform"'],
  ['an option that a command does not have', ['migrate', '--dry-run'], "'--dry-run'"],
  ['a word too many', ['retain', 'now'], "'now'"],
  ['an option without its value', ['create-api-key', '--org'], '--org'],
])('%s is refused with 2 before anything is done', async (_what, args, words) => {
  const untouched = join(folder, 'untouched');
  const command = new TestProcess('server/cli.ts', args, { ...env, RELAY_DATA_DIR: untouched });
  expect(await command.ended).toBe(2);
  expect(command.stdout).toBe('');
  expect(command.stderr).toContain(words);
  expect(command.stderr).toContain('Usage: relay');
  expect(existsSync(untouched)).toBe(false);
});

test.each([
  ['start', 'server/main.ts'],
  ['command', 'server/cli.ts'],
])('a data directory that is none is said in a sentence: %s', async (_what, file) => {
  const path = join(folder, 'file');
  writeFileSync(path, '');
  const process = new TestProcess(file, ['doctor'], { ...env, RELAY_DATA_DIR: path });
  expect(await process.ended).toBe(1);
  expect(process.stderr).toMatch(/^The data directory .* cannot be used .*set RELAY_DATA_DIR.*\n$/);
});

test('where PostgreSQL cannot keep its files is said of that place, and not of the data directory', async () => {
  const path = join(folder, 'sheltered');
  mkdirSync(path);
  const settings = { data: '/dev/null/relay/postgres', port: 0, password: 'a', servingPassword: 'b' };
  writeFileSync(join(path, 'database.json'), JSON.stringify(settings));
  const refused = server({ RELAY_DATA_DIR: path });
  expect(await refused.ended).toBe(1);
  expect(refused.stderr).toMatch(
    /^The bundled PostgreSQL cannot use \/dev\/null\/relay\b.*\(\w+: ENOTDIR\).*\n$/,
  );
});

test('two starts on one data directory: the second is refused in a sentence', async () => {
  const { process } = await started();
  const second = server();
  expect(await second.ended).toBe(1);
  expect(second.stderr.trim().split('\n')).toHaveLength(1);
  expect(second.stderr).toContain(`process ${process.child.pid}`);
  expect(second.stdout).toBe('');
});

test('the command line works beside the server and leaves its database running', async () => {
  const url = await running.at(-1)!.url();
  const command = cli('create-api-key', '--org', 'acme', '--email', 'owner@example.com', '--name', 'second');
  expect(await command.ended).toBe(0);
  expect(command.stdout).toMatch(/^rlo_acme_[0-9a-z]+\n$/);
  expect((await fetch(`${url}/readyz`)).status).toBe(200);
});

test('a killed PostgreSQL comes back without help', async () => {
  const url = await running.at(-1)!.url();
  const before = postmaster();
  process.kill(before, 'SIGKILL');
  while (postmaster() === before || postmaster() === 0) await fetch(`${url}/healthz`);
  await becomesReady(url);
});

test('a killed Relay starts again on the same data, with the database it left behind', async () => {
  const before = postmaster();
  expect(await running.at(-1)!.kill('SIGKILL')).toBe('SIGKILL');
  const { url } = await started();
  expect(postmaster()).toBe(before);
  expect((await fetch(`${url}/readyz`)).status).toBe(200);
});

test('SIGTERM ends with 0 and takes the database along', async () => {
  const pid = postmaster();
  expect(await running.at(-1)!.kill('SIGTERM')).toBe(0);
  expect(processStart(pid)).toBeNull();
});

test('SIGTERM during the start ends with 0 and takes the database along', async () => {
  const process = server();
  running.push(process);
  const pid = await startedPostmaster();
  expect(await process.kill('SIGTERM')).toBe(0);
  expect(processStart(pid)).toBeNull();
});

test('a command that is interrupted takes along the database that it started', async () => {
  const command = cli('doctor');
  running.push(command);
  const pid = await startedPostmaster();
  expect(await command.kill('SIGINT')).toBe(1);
  expect(processStart(pid)).toBeNull();
});

async function startedPostmaster(): Promise<number> {
  await expect.poll(postmaster, { timeout: 30_000, interval: 5 }).toBeGreaterThan(0);
  return postmaster();
}

test('doctor finds a fresh installation fine', async () => {
  const command = cli('doctor');
  expect(await command.ended).toBe(0);
  expect(command.stdout).toContain('fsync is on');
  expect(command.stdout).not.toContain('mend');
});

test('a port in use is said in a sentence', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => other.once('listening', resolve));
  const { port } = other.address() as AddressInfo;
  const refused = server({ PORT: String(port) });
  expect(await refused.ended).toBe(1);
  expect(refused.stderr.trim()).toBe(
    `Port ${port} on 127.0.0.1 is in use. Stop what uses it, or set PORT to another one (0 = any).`,
  );
  other.close();
});

test('a host that is not known is said of HOST, and not of the database', async () => {
  const refused = server({ HOST: 'nowhere.invalid' });
  expect(await refused.ended).toBe(1);
  expect(refused.stderr).toContain('set HOST');
  expect(refused.stderr).not.toContain('DATABASE_URL');
});

test('faults of the configuration end the start, all of them named', async () => {
  const refused = server({ PORT: 'x', RELAY_SIGNUP: 'perhaps' });
  expect(await refused.ended).toBe(1);
  expect(refused.stderr).toContain('PORT');
  expect(refused.stderr).toContain('RELAY_SIGNUP');
  expect(refused.stderr).not.toContain('    at ');
});
