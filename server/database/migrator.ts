import pg from 'pg';
import type { Log } from '../log.ts';
import { openOrm } from './orm.ts';

/** Any constant will do, as long as every Relay uses the same one. */
const MIGRATION_LOCK = 7_205_759_403;

/**
 * Brings the database to the newest schema. Idempotent; several processes may call it at once, since all but one
 * wait for an advisory lock. The lock lives on a connection of its own: it is released when this process dies.
 */
export async function migrate(url: string, log: Log): Promise<void> {
  const guard = new pg.Client({ connectionString: url, application_name: 'relay migrations' });
  guard.on('error', () => undefined);
  await guard.connect();
  try {
    await guard.query('select pg_advisory_lock($1)', [MIGRATION_LOCK]);
    const orm = await openOrm(url);
    try {
      const applied = await orm.migrator.up();
      for (const migration of applied) log.debug({ migration: migration.name }, 'migration applied');
    } finally {
      await orm.close(true);
    }
  } finally {
    await guard.end();
  }
}

/** Names of the migrations this version of Relay has and the database has not. */
export async function pendingMigrations(url: string): Promise<string[]> {
  const orm = await openOrm(url);
  try {
    return (await orm.migrator.getPending()).map((migration) => migration.name);
  } finally {
    await orm.close(true);
  }
}
