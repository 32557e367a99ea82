import { chmodSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { processStart } from '../../server/database/embeddedLock.ts';
import { choosePlace } from '../../server/database/embeddedPlace.ts';
import type { Place } from '../../server/database/embeddedPlace.ts';
import {
  createCluster,
  ensureRunning,
  runningPostmaster,
  urlOf,
} from '../../server/database/embeddedPostmaster.ts';
import { migrate } from '../../server/database/migrator.ts';
import { createLog } from '../../server/log.ts';
import { until } from './fault.ts';

/** How PostgreSQL ends: sessions cut off, without a checkpoint, or without knowing of it. */
export type Ending = 'fast' | 'immediate' | 'kill';
const SIGNALS = { fast: 'SIGINT', immediate: 'SIGQUIT', kill: 'SIGKILL' } as const;

/** A PostgreSQL of this run's own, as durable as a real one (fsync on), that may be ended, stopped and starved. */
export class Cluster {
  private readonly folder: string;
  private readonly place: Place;
  private readonly settings: Record<string, string>;
  private databases = 0;

  private constructor(folder: string, settings: Record<string, string>) {
    this.folder = folder;
    this.settings = settings;
    this.place = choosePlace(join(folder, 'cluster'), () => undefined);
  }

  /** @param folder an empty folder to be in (a small disk, say) instead of a temporary one */
  static async create(settings: Record<string, string> = {}, folder = temporary()): Promise<Cluster> {
    const cluster = new Cluster(folder, { shared_buffers: '64MB', ...settings });
    createCluster(cluster.place, true);
    await cluster.start();
    return cluster;
  }

  /** A migrated database of the caller's own; resolves to its URL. */
  async database(): Promise<string> {
    const url = await this.emptyDatabase();
    await migrate(url, url, createLog('error'));
    return url;
  }

  async emptyDatabase(): Promise<string> {
    const name = `faults_${(this.databases += 1)}`;
    await this.administer(`create database ${name}`);
    return urlOf(this.place, name);
  }

  /** Runs statements one after the other as the owner of everything, on a session that may write whatever is set. */
  async administer(...statements: string[]): Promise<void> {
    const client = new pg.Client({ connectionString: urlOf(this.place, 'postgres') });
    client.on('error', () => undefined);
    await client.connect();
    try {
      for (const statement of statements) await client.query(statement);
    } finally {
      await client.end();
    }
  }

  async start(): Promise<void> {
    await ensureRunning(this.place, this.settings);
  }

  async stop(ending: Ending): Promise<void> {
    const family = this.processes();
    process.kill(this.postmaster(), SIGNALS[ending]);
    await until(`PostgreSQL to end (${ending})`, () => family.every((pid) => processStart(pid) === null));
  }

  /** Every process stands still, connections stay open: a machine that hangs. */
  freeze(): void {
    for (const pid of this.processes()) signal(pid, 'SIGSTOP');
  }

  thaw(): void {
    for (const pid of this.processes()) signal(pid, 'SIGCONT');
  }

  /** @param remove whether its folder goes too */
  async destroy(remove = true): Promise<void> {
    if (runningPostmaster(this.place) !== null) {
      this.thaw();
      await this.stop('immediate');
    }
    if (remove) rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }

  private postmaster(): number {
    const pid = runningPostmaster(this.place);
    if (pid === null) throw new Error('PostgreSQL does not run.');
    return pid;
  }

  /** The postmaster first: nothing it starts meanwhile is missed for long. */
  private processes(): number[] {
    const postmaster = this.postmaster();
    return [postmaster, ...childrenOf(postmaster)];
  }
}

/** A child may have ended since it was listed. */
function signal(pid: number, name: 'SIGSTOP' | 'SIGCONT'): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

function childrenOf(parent: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => parentOf(pid) === parent);
}

function parentOf(pid: number): number | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  } catch {
    return null;
  }
}

/** PostgreSQL's own user must be able to pass through it. */
function temporary(): string {
  const folder = mkdtempSync(join(tmpdir(), 'relay-faults-'));
  chmodSync(folder, 0o755);
  return folder;
}
