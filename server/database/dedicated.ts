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
  await connectOrLeave(client);
  for (const setting of settings) await client.query(`set ${setting}`);
  return client;
}

/** Not for as long as TCP would: somebody waits for what it is for, a start or a command. */
const PATIENT_CONNECT_MS = 10_000;

/** A connection for a look or a wait, whose statements take as long as they take. Rejects after 10 seconds without PostgreSQL. */
export async function connectPatiently(databaseUrl: string, name: string): Promise<pg.Client> {
  const client = new pg.Client({
    connectionString: databaseUrl,
    application_name: name,
    connectionTimeoutMillis: PATIENT_CONNECT_MS,
  });
  client.on('error', () => undefined);
  await connectOrLeave(client);
  return client;
}

/** What gives up by itself, for want of a password for instance, would stay midway and keep every database from being dropped. */
async function connectOrLeave(client: pg.Client): Promise<void> {
  try {
    await client.connect();
  } catch (error) {
    void client.end().catch(() => undefined);
    throw error;
  }
}

/**
 * Works on a connection of its own while no other process, nor this one elsewhere, works under the same lock; where one does
 * it does nothing, and resolves to false. Locks are numbers that only have to be Relay's own and differ from each other.
 */
export async function workAlone(
  databaseUrl: string,
  name: string,
  lock: number,
  work: (client: pg.Client) => Promise<void>,
  settings: string[] = [],
): Promise<boolean> {
  const client = await connectDedicated(databaseUrl, name, settings);
  try {
    const { rows } = await client.query<{ mine: boolean }>('select pg_try_advisory_lock($1) as mine', [lock]);
    const mine = rows[0]?.mine === true;
    if (mine) await work(client);
    return mine;
  } finally {
    await client.end();
  }
}
