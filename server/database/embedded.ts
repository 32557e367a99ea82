import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { lockHolder, releaseLock, takeLock } from './embeddedLock.ts';
import { choosePlace } from './embeddedPlace.ts';
import type { Place, Say } from './embeddedPlace.ts';
import {
  createCluster,
  ensureRunning,
  runningPostmaster,
  SERVING_ROLE,
  servingUrlOf,
  stopPostmaster,
  urlOf,
} from './embeddedPostmaster.ts';

export { EmbeddedError } from './embeddedBinaries.ts';

export interface Embedded {
  /** Connects as the role that serves; holds a password, as does the next, so they are never logged. */
  url: string;
  /** Connects as the owner of everything. */
  ownerUrl: string;
  /** Stops PostgreSQL unless another process (the command line beside a server) still uses it. */
  close(): Promise<void>;
}

export interface EmbeddedOptions {
  /** Told the few things a person should know, one line each. */
  say: Say;
  /** Further PostgreSQL settings. */
  settings?: Record<string, string>;
  /** Restart PostgreSQL when it dies. The command line, which soon ends, does not. */
  watch?: boolean;
}

const WATCH_MS = 250;

/** Starting and stopping exclude each other between processes; both are short. */
async function alone<T>(dataDir: string, run: () => Promise<T>): Promise<T> {
  const lock = join(dataDir, 'database.lock');
  while (takeLock(lock) !== null) await pause(25);
  try {
    return await run();
  } finally {
    releaseLock(lock);
  }
}

/** Every process that uses the database has a lock of its own in here, and the last one to leave stops it. */
function users(dataDir: string): { enter(): void; leave(): boolean } {
  const folder = join(dataDir, 'users');
  const mine = join(folder, String(process.pid));
  return {
    enter() {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      takeLock(mine);
    },
    leave() {
      releaseLock(mine);
      const others = readdirSync(folder).map((name) => join(folder, name));
      const gone = others.filter((path) => lockHolder(path) === null);
      for (const path of gone) rmSync(path, { force: true });
      return gone.length === others.length;
    },
  };
}

/** PostgreSQL that is killed under a running Relay comes back without anyone's help. */
function keepRunning(place: Place, options: EmbeddedOptions): () => void {
  let busy = false;
  const timer = setInterval(() => {
    if (busy || runningPostmaster(place) !== null) return;
    busy = true;
    alone(place.dataDir, () => ensureRunning(place, options.settings ?? {}))
      .catch((error: Error) => options.say(error.message))
      .finally(() => (busy = false));
  }, WATCH_MS);
  timer.unref();
  return () => clearInterval(timer);
}

async function createDatabase(place: Place): Promise<void> {
  const client = new pg.Client({ connectionString: urlOf(place, 'postgres') });
  await client.connect();
  try {
    const { rowCount } = await client.query(`select 1 from pg_database where datname = 'relay'`);
    if (rowCount === 0) await client.query('create database relay');
    await createServingRole(client, place);
  } finally {
    await client.end();
  }
}

/** Its password is set at every start: the settings may be those of another copy of the data. */
async function createServingRole(client: pg.Client, { settings }: Place): Promise<void> {
  const { rowCount } = await client.query('select 1 from pg_roles where rolname = $1', [SERVING_ROLE]);
  const password = client.escapeLiteral(settings.servingPassword);
  await client.query(
    `${rowCount === 0 ? 'create' : 'alter'} role ${SERVING_ROLE} login password ${password}`,
  );
}

/**
 * The bundled PostgreSQL on `dataDir`: created on the first start, adopted when it already runs. Throws EmbeddedError
 * with a sentence for people.
 */
export async function startEmbedded(dataDir: string, options: EmbeddedOptions): Promise<Embedded> {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const presence = users(dataDir);
  const leave = async (place: Place): Promise<void> => {
    if (presence.leave()) await stopPostmaster(place);
  };
  const place = await alone(dataDir, async () => {
    // Two first starts at once must not each make up a password: the database is created with one of them.
    const chosen = choosePlace(dataDir, options.say);
    presence.enter();
    if (!existsSync(chosen.data)) {
      options.say('Preparing the database (first start only).');
      createCluster(chosen, options.settings?.['fsync'] !== 'off');
    }
    try {
      await ensureRunning(chosen, options.settings ?? {});
      await createDatabase(chosen);
    } catch (error) {
      await leave(chosen);
      throw error;
    }
    return chosen;
  });
  const stopWatching = options.watch ? keepRunning(place, options) : () => undefined;
  return {
    url: servingUrlOf(place, 'relay'),
    ownerUrl: urlOf(place, 'relay'),
    async close() {
      stopWatching();
      await alone(dataDir, () => leave(place));
    },
  };
}
