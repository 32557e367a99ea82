import { fileURLToPath } from 'node:url';
import { trustedProxies } from './address.ts';
import { createBroker } from './broker/broker.ts';
import { Conservation } from './broker/conservation.ts';
import { Eraser } from './broker/eraser.ts';
import { Retention } from './broker/retention.ts';
import { Tallies } from './broker/tallies.ts';
import { createLocalBus } from './bus/local.ts';
import type { Clock } from './clock.ts';
import type { Config } from './config.ts';
import { isHttps, isLocal, isLoopback } from './config.ts';
import { createVerifier } from './credentials/verifier.ts';
import { migrate } from './database/migrator.ts';
import { takeNodeName } from './database/nodeId.ts';
import { openDatabase } from './database/open.ts';
import type { Orm } from './database/orm.ts';
import { openOrm } from './database/orm.ts';
import { createPool } from './database/pool.ts';
import { databaseFaults } from './database/readiness.ts';
import { createMailer } from './domain/mail.ts';
import { READER_CONNECTIONS } from './domain/reader.ts';
import { createApi } from './graphql/api.ts';
import type { Graphql } from './graphql/yoga.ts';
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
/** People wait for these statements; whatever takes longer is a filter nobody should wait for. */
const READER_TIMEOUT_MS = 10_000;
/** Within a second a right that is lost must have ended what it was for. */
const STANDING_TIMEOUT_MS = 1_000;

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
  const storage = await openStorage(config, options, closers);
  const core = await openCore(config, options, storage, closers);
  let url = config.publicUrl ?? '';
  const api = openApi(config, options, storage, core, () => url, closers);
  url = await openDoors(config, options, storage, core, api, closers);
  // Takes its time; nobody waits for it.
  void storage.retention.run();
  return { url, orm: storage.orm, drain: () => core.broker.drain() };
}

async function openStorage(config: Config, { log, clock, say }: RelayOptions, closers: Closers) {
  const database = await openDatabase(config, 'server', say);
  closers.push(() => database.close());
  const { ownerUrl } = database;
  await migrate(ownerUrl, database.url, log);
  const retention = new Retention({ databaseUrl: ownerUrl, days: config.retentionDays, clock, log });
  closers.push(() => retention.close());
  await retention.prepare();
  const orm = await openOrm(database.url);
  closers.push(() => orm.close(true));
  const pool = createPool(database.url, HOT_CONNECTIONS);
  closers.push(() => pool.end());
  const reader = createPool(database.url, READER_CONNECTIONS, READER_TIMEOUT_MS);
  closers.push(() => reader.end());
  // One connection for one thing: whatever else is read or written, nobody's rights wait behind it.
  const standing = createPool(database.url, 1, STANDING_TIMEOUT_MS);
  closers.push(() => standing.end());
  return { url: database.url, secret: database.secret, orm, pool, reader, standing, retention };
}

type Storage = Awaited<ReturnType<typeof openStorage>>;

async function openCore(config: Config, { log, clock }: RelayOptions, storage: Storage, closers: Closers) {
  const metrics = createMetrics();
  const bus = createLocalBus(log);
  closers.push(async () => bus.close());
  const verifier = createVerifier();
  const trusts = trustedProxies(config.trustedProxies);
  const { eventsPerMinute, inFlight, backlog } = config;
  const limits = { eventsPerMinute, inFlight, backlog };
  const name = takeNodeName(config.dataDir);
  closers.push(async () => name.release());
  const { url: databaseUrl, pool } = storage;
  const shared = { pool, bus, clock, log, metrics, limits };
  const broker = await createBroker({ ...shared, databaseUrl, nodeId: name.id });
  closers.push(() => broker.close());
  const { retentionDays } = config;
  const conservation = new Conservation({ databaseUrl, retentionDays, clock, log, metrics });
  closers.push(() => conservation.close());
  const tallies = new Tallies({ databaseUrl, clock, log });
  closers.push(() => tallies.close());
  const eraser = new Eraser({ databaseUrl, pool, bus, clock, log });
  closers.push(() => eraser.close());
  const sockets = createSockets({ ...shared, broker, verifier, trusts });
  return { metrics, bus, verifier, trusts, broker, sockets };
}

type Core = Awaited<ReturnType<typeof openCore>>;

function openApi(
  config: Config,
  options: RelayOptions,
  storage: Storage,
  core: Core,
  address: () => string,
  closers: Closers,
): Graphql {
  const { smtpUrl, mailFrom, publicUrl, signup } = config;
  const mailer = smtpUrl === null ? null : createMailer(smtpUrl, mailFrom);
  closers.push(async () => mailer?.close());
  const announceCode = config.printCodes
    ? (email: string, code: string) => options.say(`Sign-in code for ${email}: ${code}`)
    : null;
  const { orm, pool, reader, standing, secret } = storage;
  const { bus, verifier, broker, trusts } = core;
  const { clock, log } = options;
  const shared = { orm, pool, reader, standing, secret, bus, verifier, broker, trusts, clock, log };
  const api = createApi({ ...shared, publicUrl, address, signup, mailer, announceCode });
  closers.push(() => api.close());
  return api;
}

/** Opens to the world last, when everything behind the doors is there. Resolves to where Relay is found. */
async function openDoors(
  config: Config,
  { log }: RelayOptions,
  storage: Storage,
  { metrics, sockets, broker }: Core,
  api: Graphql,
  closers: Closers,
): Promise<string> {
  const faults = async (): Promise<string[]> =>
    broker.draining ? ['Relay is ending.'] : databaseFaults(storage.orm);
  const mounts: Mounts = {
    handlers: {
      '/healthz': healthz,
      '/readyz': readyz(faults),
      '/metrics': metricsHandler(metrics.registry, config.metricsToken, isLocal(config)),
      '/graphql': (request, response) => api.handle(request, response),
    },
    upgrades: {
      '/graphql': (...upgrade) => api.upgrade(...upgrade),
      '/v1/ws/app': sockets.app,
      '/v1/ws/agent': sockets.agent,
    },
    fallback: await dashboard(DASHBOARD),
  };
  const http = createHttpServer(mounts, log, isHttps(config.publicUrl) && !isLocal(config));
  const port = await http.listen(config.port, config.host);
  closers.push(() => http.close());
  // Closed before the HTTP server, which waits for every connection to end.
  closers.push(async () => sockets.close());
  return config.publicUrl ?? localUrl(config.host, port);
}

function localUrl(host: string, port: number): string {
  const any = host === '0.0.0.0' || host === '::';
  const name = any || isLoopback(host) ? 'localhost' : host.includes(':') ? `[${host}]` : host;
  return `http://${name}:${port}`;
}
