import pg from 'pg';
import { inject } from 'vitest';

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

function nameOf(databaseUrl: string): string {
  return new URL(databaseUrl).pathname.slice(1);
}

async function administer(...statements: string[]): Promise<void> {
  const client = new pg.Client({ connectionString: inject('postgres') });
  await client.connect();
  for (const statement of statements) await client.query(statement);
  await client.end();
}
