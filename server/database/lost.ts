import type { Pool, PoolClient } from 'pg';

/** Time to give back a connection in the regular way, ms. */
const PATIENCE_MS = 1_000;

/**
 * Takes back the connections that Kysely (0.29) loses: that of a transaction which PostgreSQL ended midway, since neither
 * commit nor rollback then come to their end, and one that was being opened when the pool was ended, for which the pool
 * would wait for ever.
 */
export function takeBackLost(pool: Pool): void {
  const held = new Set<PoolClient>();
  const takeBack = (client: PoolClient): void => {
    if (held.has(client)) client.release(true);
  };
  const later = (what: () => void): void => void setTimeout(what, PATIENCE_MS).unref();
  pool.on('connect', (client) => client.once('end', () => later(() => takeBack(client))));
  pool.on('acquire', (client) => held.add(client));
  pool.on('release', (_error, client) => held.delete(client));
  const end: () => Promise<void> = pool.end.bind(pool);
  pool.end = (): Promise<void> => {
    later(() => held.forEach(takeBack));
    return end();
  };
}
