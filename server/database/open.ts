import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import type { Config } from '../config.ts';
import { EmbeddedError, startEmbedded } from './embedded.ts';
import { releaseLock, takeLock } from './embeddedLock.ts';
import type { Say } from './embeddedPlace.ts';
import { keptText } from './kept.ts';

export interface OpenDatabase {
  /** Of the role that serves. */
  url: string;
  /** Of the role that owns the tables: migrations and the partitions of the history. */
  ownerUrl: string;
  /** Pepper of sign-in codes. Empty for a command, which has no use for it. */
  secret: string;
  close(): Promise<void>;
}

/** `server` holds the data directory alone; `command` may run beside a server. */
export type Role = 'server' | 'command';

/** The given database, or the bundled one when none is given. Throws EmbeddedError with a sentence for people. */
export async function openDatabase(config: Config, role: Role, say: Say): Promise<OpenDatabase> {
  if (config.databaseUrl !== null) {
    const url = config.databaseUrl;
    const ownerUrl = config.databaseMigrationUrl ?? url;
    return { url, ownerUrl, secret: config.secret ?? '', close: async () => undefined };
  }
  const lock = join(config.dataDir, 'server.lock');
  if (role === 'server') holdAlone(config.dataDir, lock);
  try {
    const secret = config.secret ?? (role === 'server' ? keptSecret(config.dataDir) : '');
    const embedded = await startEmbedded(config.dataDir, { say, watch: role === 'server' });
    const close = async (): Promise<void> => {
      await embedded.close();
      if (role === 'server') releaseLock(lock);
    };
    const { url, ownerUrl } = embedded;
    return { url, ownerUrl, secret, close };
  } catch (error) {
    if (role === 'server') releaseLock(lock);
    throw ofDirectory(config.dataDir, error);
  }
}

/** In a sentence, what the file system refused; anything else as it is. */
function ofDirectory(dataDir: string, error: unknown): unknown {
  const { code, syscall, path } = error as NodeJS.ErrnoException;
  if (code === undefined || path === undefined) return error;
  // As root PostgreSQL may have its files elsewhere, and another directory for Relay's would not help.
  if (isApart(dataDir, path) && isApart(path, dataDir)) {
    return new EmbeddedError(
      `The bundled PostgreSQL cannot use ${path} (${syscall}: ${code}). Make that possible, or set DATABASE_URL.`,
    );
  }
  return new EmbeddedError(
    `The data directory ${dataDir} cannot be used (${syscall}: ${code}). It has to be a directory that this user may write to, on a file system with hard links; set RELAY_DATA_DIR to another one.`,
  );
}

/** Whether a path is not inside a directory. */
function isApart(directory: string, path: string): boolean {
  return relative(directory, path).split(sep)[0] === '..';
}

function holdAlone(dataDir: string, lock: string): void {
  let holder: number | null;
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    holder = takeLock(lock);
  } catch (error) {
    throw ofDirectory(dataDir, error);
  }
  if (holder !== null) {
    throw new EmbeddedError(
      `Relay is already running on ${dataDir} (process ${holder}). Stop it, or set RELAY_DATA_DIR to another directory.`,
    );
  }
}

/** Generated once: codes sent before a restart must still be valid after it. */
function keptSecret(dataDir: string): string {
  return keptText(join(dataDir, 'secret'), () => randomBytes(32).toString('hex'));
}
