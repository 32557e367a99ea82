import { fileURLToPath } from 'node:url';
import type { Clock } from './clock.ts';
import type { Config } from './config.ts';
import { isLoopback } from './config.ts';
import { migrate } from './database/migrator.ts';
import { openDatabase } from './database/open.ts';
import type { Orm } from './database/orm.ts';
import { openOrm } from './database/orm.ts';
import { createPool } from './database/pool.ts';
import { databaseFaults } from './database/readiness.ts';
import { dashboard } from './http/dashboard.ts';
import { healthz, readyz } from './http/health.ts';
import { metricsHandler } from './http/metrics.ts';
import { createHttpServer } from './http/server.ts';
import type { Mounts } from './http/server.ts';
import type { Log } from './log.ts';
import { createMetrics } from './metrics.ts';

const DASHBOARD = fileURLToPath(new URL('../dist/client', import.meta.url));
const HOT_CONNECTIONS = 8;

export interface Relay {
  /** Where people and programs find it, without a trailing slash. */
  url: string;
  orm: Orm;
  /** Refuses new work and waits for what is in flight, at most 25 seconds. */
  drain(): Promise<void>;
  close(): Promise<void>;
}

export interface RelayOptions {
  clock: Clock;
  log: Log;
  /** Told the few lines a person at a terminal should read. */
  say: (line: string) => void;
}

type Closers = (() => Promise<unknown>)[];

/** Starts every part, in order; what has been started is closed in reverse, also when a later part fails. */
export async function startRelay(config: Config, options: RelayOptions): Promise<Relay> {
  const closers: Closers = [];
  const close = async (): Promise<void> => {
    for (const closer of closers.splice(0).reverse()) {
      await closer().catch((error: unknown) => options.log.error({ err: error }, 'closing failed'));
    }
  };
  try {
    return { ...(await start(config, options, closers)), close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function start(config: Config, options: RelayOptions, closers: Closers): Promise<Omit<Relay, 'close'>> {
  const { log } = options;
  const database = await openDatabase(config, 'server', options.say);
  closers.push(() => database.close());
  await migrate(config.databaseMigrationUrl ?? database.url, log);
  const orm = await openOrm(database.url);
  closers.push(() => orm.close(true));
  const pool = createPool(database.url, HOT_CONNECTIONS);
  closers.push(() => pool.end());
  const metrics = createMetrics();

  const mounts: Mounts = {
    handlers: {
      '/healthz': healthz,
      '/readyz': readyz(() => databaseFaults(orm)),
      '/metrics': metricsHandler(metrics.registry, config.metricsToken),
    },
    upgrades: {},
    fallback: await dashboard(DASHBOARD),
  };
  const http = createHttpServer(mounts, log);
  const port = await http.listen(config.port, config.host);
  closers.push(() => http.close());
  return { url: config.publicUrl ?? localUrl(config.host, port), orm, drain: async () => undefined };
}

function localUrl(host: string, port: number): string {
  const any = host === '0.0.0.0' || host === '::';
  const name = any || isLoopback(host) ? 'localhost' : host.includes(':') ? `[${host}]` : host;
  return `http://${name}:${port}`;
}
