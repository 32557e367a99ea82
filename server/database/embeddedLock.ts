import { randomBytes } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';

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

function read(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}

/** null for what is not whole, as after a power cut. */
function holderIn(lock: string): Holder | null {
  try {
    return JSON.parse(lock) as Holder;
  } catch {
    return null;
  }
}

function livingHolder(lock: string): number | null {
  const holder = holderIn(lock);
  return holder !== null && processStart(holder.pid) === holder.started ? holder.pid : null;
}

/** The pid of the living process that holds the lock; null when it is free or its holder is dead. */
export function lockHolder(path: string): number | null {
  return livingHolder(read(path) ?? '');
}

/**
 * Removes the lock that a dead process left, alone among those that find it: whoever came late would otherwise take away
 * the one that a living process has made in its place. Returns the pid of a living process that is at it already, else null.
 */
function removeStale(path: string): number | null {
  const removing = `${path}.removing`;
  const other = takeLock(removing);
  if (other !== null) return other;
  try {
    // Of the dead alone it is certain that they do not give it back, and somebody else takes it, before it is removed here.
    const left = readFileSync(path, 'utf8');
    if (livingHolder(left) === null && read(path) === left) rmSync(path, { force: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  } finally {
    releaseLock(removing);
  }
  return null;
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
        const holder = lockHolder(path) ?? removeStale(path);
        if (holder !== null) return holder;
      }
    }
  } finally {
    rmSync(mine, { force: true });
  }
}

export function releaseLock(path: string): void {
  if (holderIn(read(path) ?? '')?.pid === process.pid) rmSync(path, { force: true });
}
