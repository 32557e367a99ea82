import { execFile, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { parseConfig } from '../server/config.ts';
import { openDatabase } from '../server/database/open.ts';
import { graphql, mutate } from '../examples/demo/graphql.ts';
import type { LedgerReport } from './ledger.ts';
import type { LoadOptions } from './senders.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const file = (path: string) => join(ROOT, path);

/** A Relay of the bench's own: its data in a temporary folder on the disk's own terms, its limits off. */
export interface Subject {
  url: string;
  databaseUrl: string;
  pid: number;
  /** Resident memory, bytes. */
  memory(): number;
  close(): Promise<void>;
}

export async function startRelayProcess(port: number): Promise<Subject & { env: NodeJS.ProcessEnv }> {
  const dataDir = mkdtempSync(join(tmpdir(), 'relay-bench-'));
  const limits = { RELAY_EVENTS_PER_MINUTE: '0', RELAY_IN_FLIGHT: '0', RELAY_BACKLOG: '0' };
  const env = {
    PATH: process.env['PATH'],
    RELAY_DATA_DIR: dataDir,
    PORT: String(port),
    RELAY_LOG_LEVEL: 'error',
    ...limits,
  };
  const child = spawn(process.execPath, [file('server/main.ts')], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await printed(child, 'Relay is running');
  const database = await openDatabase(parseConfig(env), 'command', () => undefined);
  return {
    url: `ws://127.0.0.1:${port}`,
    databaseUrl: database.url,
    pid: child.pid ?? 0,
    env,
    memory: () => residentMemory(child.pid ?? 0),
    async close() {
      await database.close();
      await ended(child, 'SIGTERM');
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

export async function startFloorProcess(databaseUrl: string, port: number): Promise<Subject> {
  const args = [file('bench/floor.ts'), 'run', databaseUrl, String(port)];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  await printed(child, 'listening');
  return {
    url: `ws://127.0.0.1:${port}`,
    databaseUrl,
    pid: child.pid ?? 0,
    memory: () => residentMemory(child.pid ?? 0),
    close: () => ended(child, 'SIGTERM'),
  };
}

/** Registers an app and an agent the way any script does. */
export async function provision(
  url: string,
  env: NodeJS.ProcessEnv,
): Promise<{ appToken: string; agentToken: string }> {
  const args = [file('server/cli.ts'), 'create-api-key', '--org', 'bench', '--email', 'bench@relay.test'];
  const { stdout } = await promisify(execFile)(process.execPath, args, { env });
  const key = stdout.trim();
  const http = url.replace('ws', 'http');
  const { organization } = await graphql<{ organization: { id: string } }>(
    http,
    key,
    '{ organization(slug: "bench") { id } }',
  );
  const owner = { organizationId: organization.id };
  const app = await mutate<{ token: string }>(
    http,
    key,
    'registerApp',
    { ...owner, name: 'Sender', appId: 'sender' },
    'token',
  );
  const agent = await mutate<{ token: string }>(
    http,
    key,
    'registerAgent',
    { ...owner, name: 'Answerer', agentId: 'answerer', description: '' },
    'token',
  );
  return { appToken: app.token, agentToken: agent.token };
}

/** Runs senders in a process of their own, so that what is measured shares no event loop with them. */
export async function load(options: LoadOptions): Promise<LedgerReport> {
  const args = [file('bench/senders.ts'), 'run', JSON.stringify(options)];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  return JSON.parse(stdout) as LedgerReport;
}

function residentMemory(pid: number): number {
  const pages = Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]);
  return pages * 4_096;
}

function printed(child: ChildProcess, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    let output = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      if (output.includes(text)) resolve();
    });
    child.once('exit', (code) => reject(new Error(`The process ended with ${code}:\n${output}`)));
  });
}

function ended(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  return new Promise((resolve) => {
    child.once('exit', () => resolve());
    child.kill(signal);
  });
}
