import { spawn, spawnSync } from 'node:child_process';
import {
  chownSync,
  closeSync,
  existsSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { EmbeddedError, postgresBinaries } from './embeddedBinaries.ts';
import { processStart } from './embeddedLock.ts';
import { ownDirectory, writeSettings } from './embeddedPlace.ts';
import type { Place } from './embeddedPlace.ts';

/** Crash recovery of a busy database can take a while; beyond this something is wrong. */
const START_TIMEOUT_MS = 120_000;
const LOG_LIMIT_BYTES = 10 * 1024 * 1024;

const serverSettings: Record<string, string> = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  password_encryption: 'scram-sha-256',
  max_connections: '100',
  shared_buffers: '128MB',
  wal_compression: 'on',
  max_wal_size: '1GB',
  log_min_messages: 'warning',
  log_line_prefix: '%m [%p] ',
  // Log lines must not carry people's data: a failing statement's parameters and text stay out.
  log_min_error_statement: 'panic',
};

/** The role that serves: it owns nothing and cannot change the schema. */
export const SERVING_ROLE = 'relay_server';

/** As the owner of everything. */
export function urlOf({ settings }: Place, database: string): string {
  return `postgres://relay:${settings.password}@127.0.0.1:${settings.port}/${database}`;
}

export function servingUrlOf({ settings }: Place, database: string): string {
  return `postgres://${SERVING_ROLE}:${settings.servingPassword}@127.0.0.1:${settings.port}/${database}`;
}

/** The pid of the PostgreSQL that runs on this data; null when there is none. */
export function runningPostmaster(place: Place): number | null {
  try {
    const [pid] = readFileSync(join(place.data, 'postmaster.pid'), 'utf8').split('\n');
    const number = Number(pid);
    return processStart(number) !== null && looksLikePostgres(number) ? number : null;
  } catch {
    return null;
  }
}

/** After a reboot the pid in a left-over file may belong to anything. */
function looksLikePostgres(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('postgres');
  } catch {
    return process.platform !== 'linux';
  }
}

/** Creates the cluster aside and renames it: one cut short is never taken for a whole one. */
export function createCluster(place: Place, sync: boolean): void {
  const half = `${place.data}.half`;
  rmSync(half, { recursive: true, force: true });
  ownDirectory(half, place.account);
  const passwordFile = `${half}.password`;
  writeFileSync(passwordFile, place.settings.password, { mode: 0o600 });
  if (place.account) chownSync(passwordFile, place.account.uid, place.account.gid);
  const options = [
    '-U',
    'relay',
    `--pwfile=${passwordFile}`,
    '-A',
    'scram-sha-256',
    '--locale=C',
    '-E',
    'UTF8',
  ];
  try {
    const binaries = postgresBinaries(place.account, place.shelter);
    const run = spawnSync(
      join(binaries, 'bin', 'initdb'),
      ['-D', half, ...options, ...(sync ? [] : ['-N'])],
      {
        ...place.account,
        cwd: '/',
        encoding: 'utf8',
      },
    );
    if (run.status !== 0)
      throw new EmbeddedError(`PostgreSQL could not create its files: ${run.stderr.trim()}`);
    renameSync(half, place.data);
  } finally {
    rmSync(passwordFile, { force: true });
  }
}

/** The port of the last time if it is still free, or any free one. */
async function freePort(wanted: number): Promise<number> {
  const attempt = (port: number) =>
    new Promise<number>((resolve, reject) => {
      const probe = createServer();
      probe.once('error', reject);
      probe.listen(port, '127.0.0.1', () => {
        const address = probe.address();
        probe.close(() => resolve(typeof address === 'object' && address !== null ? address.port : port));
      });
    });
  return attempt(wanted).catch(() => attempt(0));
}

/** PostgreSQL's log outlives this process (an orphan goes on writing it), so it is a file, not a pipe. */
function openLog(place: Place): number {
  const path = join(place.dataDir, 'postgres.log');
  const full = existsSync(path) && statSync(path).size > LOG_LIMIT_BYTES;
  return openSync(path, full ? 'w' : 'a', 0o600);
}

function logTail(place: Place): string {
  const lines = readFileSync(join(place.dataDir, 'postgres.log'), 'utf8').trim().split('\n');
  return lines.slice(-4).join('\n  ');
}

async function answers(place: Place): Promise<boolean> {
  const client = new pg.Client({
    connectionString: urlOf(place, 'postgres'),
    connectionTimeoutMillis: 2_000,
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return true;
  } catch (error) {
    if ((error as { code?: string }).code === '28P01') {
      throw new EmbeddedError(
        `The password in ${join(place.dataDir, 'database.json')} is not the database's.`,
      );
    }
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** The port an orphan listens on may differ from what the settings say when they were restored from a copy. */
function adoptPort(place: Place): void {
  const port = Number(readFileSync(join(place.data, 'postmaster.pid'), 'utf8').split('\n')[3]);
  if (port > 0 && port !== place.settings.port) {
    place.settings.port = port;
    writeSettings(place);
  }
}

async function launch(place: Place, extra: Record<string, string>): Promise<() => boolean> {
  place.settings.port = await freePort(place.settings.port);
  writeSettings(place);
  const binaries = postgresBinaries(place.account, place.shelter);
  const settings = Object.entries({ ...serverSettings, ...extra, port: String(place.settings.port) });
  const log = openLog(place);
  // Its own session: Ctrl-C in the terminal must reach Relay first, which stops PostgreSQL when it has drained.
  const child = spawn(
    join(binaries, 'bin', 'postgres'),
    ['-D', place.data, ...settings.flatMap(([name, value]) => ['-c', `${name}=${value}`])],
    {
      ...place.account,
      cwd: '/',
      detached: true,
      stdio: ['ignore', log, log],
      env: { PATH: process.env['PATH'], TZ: 'UTC' },
    },
  );
  closeSync(log);
  let ended = false;
  child.once('error', () => (ended = true));
  child.once('exit', () => (ended = true));
  child.unref();
  return () => ended;
}

/**
 * Makes sure PostgreSQL runs and answers: adopts one that runs already (a killed Relay leaves it behind), waits for
 * one that is shutting down, starts one otherwise. After a killed PostgreSQL its children may live on for a moment
 * and make the next start fail, so a failed start is tried again.
 */
export async function ensureRunning(place: Place, extra: Record<string, string>): Promise<void> {
  const deadline = performance.now() + START_TIMEOUT_MS;
  let ended: (() => boolean) | null = null;
  let failures = 0;
  while (performance.now() < deadline) {
    if (runningPostmaster(place) !== null) {
      adoptPort(place);
      if (await answers(place)) return;
    } else if (ended === null || ended()) {
      if (ended !== null && ++failures > 5) {
        throw new EmbeddedError(`PostgreSQL does not start:\n  ${logTail(place)}`);
      }
      ended = await launch(place, extra);
    }
    await pause(failures > 0 ? 500 : 50);
  }
  throw new EmbeddedError(`PostgreSQL did not get ready:\n  ${logTail(place)}`);
}

/** Stops PostgreSQL ("fast": open transactions are rolled back) and waits until it has gone. */
export async function stopPostmaster(place: Place): Promise<void> {
  const pid = runningPostmaster(place);
  if (pid === null) return;
  process.kill(pid, 'SIGINT');
  while (processStart(pid) !== null) await pause(20);
}
