import { readdir } from 'node:fs/promises';
import type pg from 'pg';
import type { Log } from '../log.ts';
import { connectPatiently } from './dedicated.ts';
import { MIGRATIONS, openOrm } from './orm.ts';
import { grantServing, roleOf } from './serving.ts';

/** Any constant will do, as long as every Relay uses the same one. */
const MIGRATION_LOCK = 7_205_759_403;
/** What PostgreSQL knows the connections as. */
const NAME = 'relay migrations';

/**
 * Brings the database to the newest schema. Idempotent; several processes may call it at once, since all but one
 * wait for an advisory lock. The lock lives on a connection of its own: it is released when this process dies.
 *
 * @param url of the role that owns the tables.
 * @param servingUrl of the role that serves; where it is another one, it is given its rights.
 */
export async function migrate(url: string, servingUrl: string, log: Log): Promise<void> {
  const guard = await connectPatiently(url, NAME);
  const serving = roleOf(servingUrl);
  const oneRole = serving === roleOf(url);
  try {
    if (oneRole && (await isUpToDate(guard))) return;
    await guard.query('select pg_advisory_lock($1)', [MIGRATION_LOCK]);
    if (!(await isUpToDate(guard))) await update(url, log);
    if (!oneRole) await grantServing(guard, serving);
  } finally {
    await guard.end();
  }
}

async function update(url: string, log: Log): Promise<void> {
  const orm = await openOrm(url);
  try {
    const applied = await orm.migrator.up();
    for (const migration of applied) log.debug({ migration: migration.name }, 'migration applied');
  } finally {
    await orm.close(true);
  }
}

/** The usual answer at a start, and quick: every migration of this version is recorded as applied, which is done with it. */
async function isUpToDate(client: pg.Client): Promise<boolean> {
  return (await missingFrom(client)).length === 0;
}

/** Only reads, so that the serving role can ask as well. */
async function missingFrom(client: pg.Client): Promise<string[]> {
  const files = (await readdir(MIGRATIONS)).filter((file) => file.endsWith('.ts'));
  const all = files.map((file) => file.replace(/\.ts$/, '')).sort();
  const { rows } = await client.query<{ exists: boolean }>(
    `select to_regclass('migration') is not null as exists`,
  );
  if (!rows[0]?.exists) return all;
  const applied = await client.query<{ name: string }>('select name from migration');
  const names = new Set(applied.rows.map((row) => row.name));
  return all.filter((name) => !names.has(name));
}

/** Names of the migrations this version of Relay has and the database has not. */
export async function pendingMigrations(url: string): Promise<string[]> {
  const client = await connectPatiently(url, NAME);
  try {
    return await missingFrom(client);
  } finally {
    await client.end();
  }
}
