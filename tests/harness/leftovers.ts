import { readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lockHolder } from '../../server/database/embeddedLock.ts';

export const RUN_PREFIX = 'relay-tests-';
const JUST_BEGUN_MS = 60_000;

function list(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** Only a process that says in its own command line that it serves this folder is ended. */
function endPostgres(folder: string): void {
  try {
    const [pid] = readFileSync(join(folder, 'data/postgres/postmaster.pid'), 'utf8').split('\n');
    if (readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(folder)) process.kill(Number(pid), 'SIGQUIT');
  } catch {
    // It has ended already.
  }
}

/** A run that has just begun has no user yet. */
function inUse(folder: string): boolean {
  const users = list(join(folder, 'data/users')).map((name) => join(folder, 'data/users', name));
  if (users.length > 0) return users.some((user) => lockHolder(user) !== null);
  return Date.now() - statSync(folder).mtimeMs < JUST_BEGUN_MS;
}

/** A test run that was killed cannot stop its PostgreSQL; the next one does. */
export function clearLeftovers(): void {
  for (const name of list(tmpdir()).filter((entry) => entry.startsWith(RUN_PREFIX))) {
    const folder = join(tmpdir(), name);
    if (inUse(folder)) continue;
    endPostgres(folder);
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}
