import pg from 'pg';

/** Longer than any pause of a database that comes back, ms. */
const QUERY_TIMEOUT_MS = 120_000;

/**
 * A connection outside any pool, with the given settings (`name = value`): its holder works in batches or in sessions. Rejects when
 * PostgreSQL cannot be reached within 5 seconds.
 */
export async function connectDedicated(
  databaseUrl: string,
  name: string,
  settings: string[] = [],
): Promise<pg.Client> {
  const client = new pg.Client({
    connectionString: databaseUrl,
    application_name: name,
    connectionTimeoutMillis: 5_000,
    // A connection whose other end is gone without a word must not be waited for as long as TCP would.
    query_timeout: QUERY_TIMEOUT_MS,
    keepAlive: true,
  });
  // Without a listener the end of an idle connection would end the process; the next write notices it anyway.
  client.on('error', () => undefined);
  await client.connect();
  for (const setting of settings) await client.query(`set ${setting}`);
  return client;
}
