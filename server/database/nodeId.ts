import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { releaseLock, takeLock } from './embeddedLock.ts';
import { keptText } from './kept.ts';

/** What this process calls itself among those that share the database. */
export interface NodeName {
  id: string;
  release(): void;
}

/**
 * The name kept in the data directory, while no other process uses it: a restart under the same name takes its earlier
 * start's place at once instead of waiting for that lease to end. Else, or where nothing can be kept, a fresh name.
 */
export function takeNodeName(dataDir: string): NodeName {
  const lock = join(dataDir, 'node.lock');
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    if (takeLock(lock) !== null) return fresh();
    return { id: keptText(join(dataDir, 'node'), newName), release: () => releaseLock(lock) };
  } catch {
    return fresh();
  }
}

function fresh(): NodeName {
  return { id: newName(), release: () => undefined };
}

function newName(): string {
  return `${hostname()}-${randomBytes(4).toString('hex')}`;
}
