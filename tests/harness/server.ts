import { randomBytes } from 'node:crypto';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { parseConfig } from '../../server/config.ts';
import type { Config } from '../../server/config.ts';
import { systemClock } from '../../server/clock.ts';
import type { Clock } from '../../server/clock.ts';
import { createPool } from '../../server/database/pool.ts';
import { createLog } from '../../server/log.ts';
import type { Log } from '../../server/log.ts';
import { startRelay } from '../../server/relay.ts';
import type { Relay } from '../../server/relay.ts';
import { createTestDatabase, servingUrl } from './postgres.ts';

export interface TestRelay {
  /** `http://127.0.0.1:port`, without a trailing slash. */
  url: string;
  wsUrl: string;
  /** Of the owner. */
  databaseUrl: string;
  relay: Relay;
  /** Rows as stored: for what no API shows. */
  sql(text: string, values?: unknown[]): Promise<Record<string, unknown>[]>;
  /** Ends Relay and, unless it was the caller's own, drops its database. */
  close(): Promise<void>;
}

export interface TestRelayOptions {
  config?: Partial<Config>;
  clock?: Clock;
  /** Start on this database instead of a fresh clone of the template, which is then not dropped. */
  databaseUrl?: string;
  log?: Log;
}

/** The very Relay people run, on a free port of the loopback interface and a database of its own. */
export async function startTestRelay(options: TestRelayOptions = {}): Promise<TestRelay> {
  const database = options.databaseUrl
    ? { url: options.databaseUrl, drop: async () => undefined }
    : await createTestDatabase();
  // As in the best of set-ups: what serves owns nothing.
  const databaseUrl = options.config?.databaseUrl ?? servingUrl(database.url);
  // With an address of its own Relay tells no other, so the port has to be known before.
  const port = options.config?.publicUrl ? await freePort() : 0;
  const config: Config = {
    ...parseConfig({}),
    port,
    databaseUrl,
    databaseMigrationUrl: database.url,
    secret: randomBytes(32).toString('hex'),
    signup: 'open',
    // Tests have events of any day; retention, which looks for old ones as Relay starts, has tests of its own.
    retentionDays: 0,
    ...options.config,
  };
  const log = options.log ?? createLog(process.env['TEST_LOG_LEVEL'] ?? 'silent');
  const relay = await startRelay(config, { clock: options.clock ?? systemClock, log, say: () => undefined });
  const pool = createPool(database.url, 2);
  const url = port === 0 ? relay.url.replace('localhost', '127.0.0.1') : `http://127.0.0.1:${port}`;
  return {
    url,
    wsUrl: url.replace(/^http/, 'ws'),
    databaseUrl: database.url,
    relay,
    sql: async (text, values) => (await pool.query<Record<string, unknown>>(text, values)).rows,
    async close() {
      await relay.close();
      await pool.end();
      await database.drop();
    },
  };
}

/** Free a moment ago; nobody else here takes one. */
export function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
