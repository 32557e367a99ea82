import pg from 'pg';

/** A statement that runs longer than this is cancelled, so that one bad query cannot hold the pool. */
const STATEMENT_TIMEOUT_MS = 30_000;

/** Longest wait for a connection, ms; as long as a statement may take where that is shorter. */
const CONNECT_TIMEOUT_MS = 5_000;

/** Connections for hand-written SQL. `max` is the number of PostgreSQL connections. */
export function createPool(url: string, max: number, statementTimeoutMs = STATEMENT_TIMEOUT_MS): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    max,
    application_name: 'relay',
    connectionTimeoutMillis: Math.min(CONNECT_TIMEOUT_MS, statementTimeoutMs),
    idleTimeoutMillis: 60_000,
    keepAlive: true,
    statement_timeout: statementTimeoutMs,
    // For when PostgreSQL is not there to cancel it; later than that, so that it is cancelled where it can be.
    query_timeout: statementTimeoutMs + 1_000,
  });
  // An idle connection that breaks is replaced by the pool; without a listener it would end the process.
  pool.on('error', () => undefined);
  return pool;
}
