import pg from 'pg';
import { inject } from 'vitest';
import type { Sql } from './seed.ts';

/** Ends every connection to this database and refuses new ones until `databaseBack`. */
export async function databaseAway(databaseUrl: string): Promise<void> {
  const name = nameOf(databaseUrl);
  await administer(
    `alter database ${name} allow_connections false`,
    `select pg_terminate_backend(pid) from pg_stat_activity where datname = '${name}'`,
  );
}

export async function databaseBack(databaseUrl: string): Promise<void> {
  await administer(`alter database ${nameOf(databaseUrl)} allow_connections true`);
}

/** While this runs, every statement about the table fails. */
export async function withoutTable<T>(sql: Sql, table: string, run: () => Promise<T>): Promise<T> {
  await sql(`alter table ${table} rename to ${table}_gone`);
  return run().finally(() => sql(`alter table ${table}_gone rename to ${table}`));
}

/** While this runs, every statement about the table waits; in the mode `share`, every one that changes it. */
export async function lockedTable<T>(
  databaseUrl: string,
  table: string,
  run: () => Promise<T>,
  mode: 'access exclusive' | 'share' = 'access exclusive',
): Promise<T> {
  const holder = new pg.Client({ connectionString: databaseUrl });
  await holder.connect();
  await holder.query(`begin; lock table ${table} in ${mode} mode`);
  return run().finally(() => holder.end());
}

function nameOf(databaseUrl: string): string {
  return new URL(databaseUrl).pathname.slice(1);
}

async function administer(...statements: string[]): Promise<void> {
  const client = new pg.Client({ connectionString: inject('postgres') });
  await client.connect();
  for (const statement of statements) await client.query(statement);
  await client.end();
}
