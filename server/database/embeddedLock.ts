import { randomBytes } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';

/** A process, told apart from a later one that got the same pid. `started` is opaque. */
interface Holder {
  pid: number;
  started: string;
}

/**
 * When a process began, as opaque text; null when there is no such living process. A zombie counts as dead: under an
 * init that does not reap (many containers), a killed process would otherwise seem alive for ever.
 */
export function processStart(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The command name may hold spaces and parentheses, so fields are counted from its closing one.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (fields[0] === 'Z' || fields[0] === 'X') return null;
    return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()}:${fields[19]}`;
  } catch {
    return process.platform === 'linux' ? null : startByPs(pid);
  }
}

function startByPs(pid: number): string | null {
  try {
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim() || null;
  } catch {
    return null;
  }
}

function read(path: string): Holder | null {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Holder;
  } catch {
    return null;
  }
}

/** The pid of the living process that holds the lock; null when it is free or its holder is dead. */
export function lockHolder(path: string): number | null {
  const holder = read(path);
  return holder !== null && processStart(holder.pid) === holder.started ? holder.pid : null;
}

/** Moving the file aside decides between two processes that find the same stale lock: only one rename succeeds. */
function removeStale(path: string): void {
  const aside = `${path}.${randomBytes(6).toString('hex')}`;
  try {
    renameSync(path, aside);
  } catch {
    return;
  }
  if (lockHolder(aside) !== null) linkSync(aside, path);
  rmSync(aside, { force: true });
}

/**
 * Takes the lock for this process and returns null, or returns the pid of the living process that holds it. A lock
 * left by a dead process is taken over. Throws what the file system says where no lock can be made.
 */
export function takeLock(path: string): number | null {
  const mine = `${path}.${randomBytes(6).toString('hex')}`;
  writeFileSync(mine, JSON.stringify({ pid: process.pid, started: processStart(process.pid) }), {
    mode: 0o600,
  });
  try {
    for (;;) {
      try {
        // link() either creates the whole file or fails: no one ever reads half a lock.
        linkSync(mine, path);
        return null;
      } catch (error) {
        // Where there are no hard links, trying again would be for ever.
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
        const holder = lockHolder(path);
        if (holder !== null) return holder;
        removeStale(path);
      }
    }
  } finally {
    rmSync(mine, { force: true });
  }
}

export function releaseLock(path: string): void {
  if (read(path)?.pid === process.pid) rmSync(path, { force: true });
}
