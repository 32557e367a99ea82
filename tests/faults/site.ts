import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import { Proxy } from '../harness/proxy.ts';
import { startRelayProcess } from '../harness/relayProcess.ts';
import type { RelayProcess } from '../harness/relayProcess.ts';
import { Seed } from '../harness/seed.ts';
import type { Owner } from '../harness/seed.ts';
import { freePort } from '../harness/server.ts';
import { Agent } from './agent.ts';
import type { AgentOptions } from './agent.ts';
import { App } from './app.ts';
import type { AppOptions } from './app.ts';
import { Cluster } from './cluster.ts';

const PAGE_BYTES = 4_096;
const SECRET = randomBytes(32).toString('hex');

/**
 * A Relay that may keep little. On a big machine V8 collects late, and resident memory says more about that than about
 * what is held; with a small heap it is collected in time, and whatever is held without bound ends the process.
 */
export const SMALL = { NODE_OPTIONS: '--max-old-space-size=192' };

/** One Relay process on a PostgreSQL of its own, its apps and agents, and whatever stands between them. */
export class Site {
  cluster!: Cluster;
  databaseUrl = '';
  pool!: pg.Pool;
  seed!: Seed;
  relay!: RelayProcess;
  port = 0;
  apps: App[] = [];
  agents: Agent[] = [];
  private proxies: Proxy[] = [];
  private dataDir = '';
  private env: Record<string, string> = {};

  /** Where clients reconnect to, also over a restart. */
  readonly wsUrl = (): string => `ws://127.0.0.1:${this.port}`;

  async open(env: Record<string, string>): Promise<void> {
    this.databaseUrl = await this.cluster.database();
    this.pool = new pg.Pool({ connectionString: this.databaseUrl, max: 2 });
    this.pool.on('error', () => undefined);
    this.seed = await Seed.create((text, values) => this.sql(text, values));
    this.dataDir = mkdtempSync(join(tmpdir(), 'relay-faults-node-'));
    this.port = await freePort();
    this.env = {
      RELAY_EVENTS_PER_MINUTE: '0',
      RELAY_IN_FLIGHT: '0',
      RELAY_LOG_LEVEL: 'fatal',
      ...env,
    };
  }

  /** Starts Relay, again on the same port and data directory as a supervisor would. Takes as long as Relay takes. */
  async start(databaseUrl = this.databaseUrl): Promise<void> {
    this.relay = await startRelayProcess(databaseUrl, { ...this.environment(), DATABASE_URL: databaseUrl });
  }

  /** What Relay is told at its next start. */
  environment(): Record<string, string> {
    const own = { DATABASE_URL: this.databaseUrl, PORT: String(this.port), RELAY_DATA_DIR: this.dataDir };
    return { RELAY_SECRET: SECRET, ...this.env, ...own };
  }

  async close(): Promise<void> {
    for (const client of [...this.apps, ...this.agents]) client.stop();
    for (const proxy of this.proxies) await proxy.close();
    await this.relay?.kill();
    await this.pool.end();
    rmSync(this.dataDir, { recursive: true, force: true });
    [this.apps, this.agents, this.proxies] = [[], [], []];
  }

  app(owner: Owner, options: AppOptions & { through?: Proxy } = {}): App {
    const app = new App(this.urlOf(options.through), owner, options);
    this.apps.push(app);
    return app;
  }

  agent(owner: Owner, options: AgentOptions & { through?: Proxy } = {}): Agent {
    const agent = new Agent(this.urlOf(options.through), owner, options);
    this.agents.push(agent);
    return agent;
  }

  /** A proxy to Relay, or to another port. */
  async proxy(target: () => number = () => this.port): Promise<Proxy> {
    const proxy = await Proxy.open(target);
    this.proxies.push(proxy);
    return proxy;
  }

  async sql(text: string, values?: unknown[]): Promise<Record<string, unknown>[]> {
    return (await this.pool.query<Record<string, unknown>>(text, values)).rows;
  }

  async count(where: string): Promise<number> {
    const [row] = await this.sql(`select count(*)::int as count from event where ${where}`);
    return Number(row?.['count']);
  }

  /** Whether Relay says that it can serve. */
  async ready(): Promise<boolean> {
    return fetch(`http://127.0.0.1:${this.port}/readyz`).then(
      (answer) => answer.ok,
      () => false,
    );
  }

  /** Resident memory of the Relay process, MB. */
  memory(): number {
    const pages = Number(readFileSync(`/proc/${this.relay.child.pid}/statm`, 'utf8').split(' ')[1]);
    return Math.round((pages * PAGE_BYTES) / 1_048_576);
  }

  descriptors(): number {
    return readdirSync(`/proc/${this.relay.child.pid}/fd`).length;
  }

  private urlOf(proxy: Proxy | undefined): () => string {
    return proxy ? () => `ws://127.0.0.1:${proxy.port}` : this.wsUrl;
  }
}

/** One cluster for the file, one database and one Relay for each check. `started: false` leaves its start to the check. */
export function useSite(env: Record<string, string> = {}, { started = true } = {}): Site {
  const site = new Site();
  beforeAll(async () => {
    site.cluster = await Cluster.create();
  });
  beforeEach(async () => {
    await site.open(env);
    if (started) await site.start();
  });
  afterEach(() => site.close());
  afterAll(() => site.cluster.destroy());
  return site;
}
