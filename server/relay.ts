import { fileURLToPath } from 'node:url';
import { trustedProxies } from './address.ts';
import { createBroker } from './broker/broker.ts';
import { Retention } from './broker/retention.ts';
import { createLocalBus } from './bus/local.ts';
import type { Clock } from './clock.ts';
import type { Config } from './config.ts';
import { isLoopback } from './config.ts';
import { createVerifier } from './credentials/verifier.ts';
import { migrate } from './database/migrator.ts';
import { takeNodeName } from './database/nodeId.ts';
import { openDatabase } from './database/open.ts';
import type { Orm } from './database/orm.ts';
import { openOrm } from './database/orm.ts';
import { createPool } from './database/pool.ts';
import { databaseFaults } from './database/readiness.ts';
import { createMailer } from './domain/mail.ts';
import { createApi } from './graphql/api.ts';
import { dashboard } from './http/dashboard.ts';
import { healthz, readyz } from './http/health.ts';
import { metricsHandler } from './http/metrics.ts';
import { createHttpServer } from './http/server.ts';
import type { Mounts } from './http/server.ts';
import type { Log } from './log.ts';
import { createMetrics } from './metrics.ts';
import { createSockets } from './sockets/upgrade.ts';

const DASHBOARD = fileURLToPath(new URL('../dist/client', import.meta.url));
const HOT_CONNECTIONS = 8;
const READER_CONNECTIONS = 4;
/** People wait for these statements; whatever takes longer is a filter nobody should wait for. */
const READER_TIMEOUT_MS = 10_000;

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
  const { log, clock } = options;
  const database = await openDatabase(config, 'server', options.say);
  closers.push(() => database.close());
  const ownerUrl = config.databaseMigrationUrl ?? database.url;
  await migrate(ownerUrl, log);
  const retention = new Retention({ databaseUrl: ownerUrl, days: config.retentionDays, clock, log });
  await retention.run();
  closers.push(() => retention.close());
  const orm = await openOrm(database.url);
  closers.push(() => orm.close(true));
  const pool = createPool(database.url, HOT_CONNECTIONS);
  closers.push(() => pool.end());
  const metrics = createMetrics();
  const bus = createLocalBus(log);
  closers.push(async () => bus.close());
  const verifier = createVerifier();
  const trusts = trustedProxies(config.trustedProxies);
  const limits = {
    eventsPerMinute: config.eventsPerMinute,
    inFlight: config.inFlight,
    backlog: config.backlog,
  };
  const databaseUrl = database.url;
  const name = takeNodeName(config.dataDir);
  closers.push(async () => name.release());
  const broker = await createBroker({
    databaseUrl,
    pool,
    bus,
    clock,
    log,
    metrics,
    limits,
    nodeId: name.id,
  });
  closers.push(() => broker.close());
  const sockets = createSockets({ pool, bus, broker, verifier, clock, log, metrics, trusts, limits });
  const reader = createPool(databaseUrl, READER_CONNECTIONS, READER_TIMEOUT_MS);
  closers.push(() => reader.end());
  const mailer = config.smtpUrl === null ? null : createMailer(config.smtpUrl, config.mailFrom);
  closers.push(async () => mailer?.close());
  const { publicUrl, signup } = config;
  const announceCode = config.printCodes
    ? (email: string, code: string) => options.say(`Sign-in code for ${email}: ${code}`)
    : null;
  const shared = { orm, reader, clock, bus, verifier, broker, log, publicUrl, trusts, signup };
  const api = createApi({ ...shared, secret: database.secret, mailer, announceCode });
  closers.push(() => api.close());

  const mounts: Mounts = {
    handlers: {
      '/healthz': healthz,
      '/readyz': readyz(() => databaseFaults(orm)),
      '/metrics': metricsHandler(metrics.registry, config.metricsToken),
      '/graphql': (request, response) => api.handle(request, response),
    },
    upgrades: {
      '/graphql': (...upgrade) => api.upgrade(...upgrade),
      '/v1/ws/app': sockets.app,
      '/v1/ws/agent': sockets.agent,
    },
    fallback: await dashboard(DASHBOARD),
  };
  const http = createHttpServer(mounts, log);
  const port = await http.listen(config.port, config.host);
  closers.push(() => http.close());
  // Before the HTTP server, which waits for every connection to end.
  closers.push(async () => sockets.close());
  return { url: config.publicUrl ?? localUrl(config.host, port), orm, drain: () => broker.drain() };
}

function localUrl(host: string, port: number): string {
  const any = host === '0.0.0.0' || host === '::';
  const name = any || isLoopback(host) ? 'localhost' : host.includes(':') ? `[${host}]` : host;
  return `http://${name}:${port}`;
}
