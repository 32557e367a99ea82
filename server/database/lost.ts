import type { Pool, PoolClient } from 'pg';

/** Time to give back a connection in the regular way, ms. */
const PATIENCE_MS = 1_000;

/**
 * Takes back the connections that Kysely (0.29) loses: that of a transaction which PostgreSQL ended midway, since neither
 * commit nor rollback then come to their end, and one that was being opened when the pool was ended, for which the pool
 * would wait for ever. Whatever else is under way at the end of the pool is waited for.
 */
export function takeBackLost(pool: Pool): void {
  const held = new Set<PoolClient>();
  const takeBackLater = (client: PoolClient): void =>
    void setTimeout(() => {
      if (held.has(client)) client.release(true);
    }, PATIENCE_MS).unref();
  pool.on('connect', (client) => client.once('end', () => takeBackLater(client)));
  pool.on('acquire', (client) => {
    held.add(client);
    if (pool.ending) takeBackLater(client);
  });
  pool.on('release', (_error, client) => held.delete(client));
}
