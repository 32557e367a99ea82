import pg from 'pg';

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
    keepAlive: true,
  });
  // Without a listener the end of an idle connection would end the process; the next write notices it anyway.
  client.on('error', () => undefined);
  await client.connect();
  for (const setting of settings) await client.query(`set ${setting}`);
  return client;
}
