import { readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lockHolder } from '../../server/database/embeddedLock.ts';

export const RUN_PREFIX = 'relay-tests-';

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

/** A test run that was killed cannot stop its PostgreSQL; the next one does. */
export function clearLeftovers(): void {
  for (const name of list(tmpdir()).filter((entry) => entry.startsWith(RUN_PREFIX))) {
    const folder = join(tmpdir(), name);
    const users = list(join(folder, 'data/users'));
    if (users.length === 0 || users.some((user) => lockHolder(join(folder, 'data/users', user)) !== null)) continue;
    endPostgres(folder);
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}
