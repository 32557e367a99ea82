import type { Pool } from 'pg';
import type { Bus } from '../bus/bus.ts';
import type { Clock, Timer } from '../clock.ts';
import type { Log } from '../log.ts';
import type { AgentEntry, Directory } from './directory.ts';
import { Home } from './home.ts';
import type { HomeEvents } from './home.ts';
import type { NodeLease } from './node.ts';
import { agentsWithBacklog, countBacklog, readBacklog } from './sql/backlog.ts';
import { Window } from './window.ts';

const TICK_MS = 500;
const CLAIM_MS = 3_000;
const SWEEP_MS = 30_000;

export interface HomesOptions {
  pool: Pool;
  bus: Bus;
  directory: Directory;
  node: NodeLease;
  clock: Clock;
  log: Log;
  on: HomeEvents;
  /** Most events waiting for one agent, 0 = any number; only bounds what is counted. */
  backlog: number;
}

/** The agents whose home is this node. A home dispatches only while this node holds its agent's lease. */
export class Homes {
  private readonly options: HomesOptions;
  private readonly homes = new Map<string, Home>();
  private readonly claimed = new Set<Home>();
  private readonly timers: Timer[];
  private readonly unsubscribe: () => void;
  private draining = false;
  /** The node's lease had run out: another node may have taken what this one owned. */
  private lapsed = false;

  constructor(options: HomesOptions) {
    this.options = options;
    const { clock, bus } = options;
    this.timers = [
      clock.every(TICK_MS, () => this.tick()),
      clock.every(CLAIM_MS, () => this.claimAll()),
      clock.every(SWEEP_MS, () => void this.sweep()),
    ];
    this.unsubscribe = bus.subscribe('directory.changed', ({ kind, id }) => {
      if (kind === 'agent') void this.refresh(id);
    });
  }

  find(agentId: string): Home | undefined {
    return this.homes.get(agentId);
  }

  /** The agent's home, opened when there is none yet; it begins with what is pending in the database. */
  open(agent: AgentEntry): Home {
    const open = this.homes.get(agent.id);
    if (open) {
      open.agent = agent;
      return open;
    }
    const { pool, clock, on, backlog } = this.options;
    const reader = {
      page: (after: string, limit: number) => readBacklog(pool, agent.id, after, limit),
      count: (after: string) => countBacklog(pool, agent.id, after, (backlog || 1_000_000) + 1),
    };
    const home = new Home(agent, clock, on, (take) => new Window(reader, take));
    this.homes.set(agent.id, home);
    void this.claim(home);
    return home;
  }

  get inFlight(): number {
    let count = 0;
    for (const home of this.homes.values()) count += home.inFlight;
    return count;
  }

  /** Events waiting for any agent of this node, in memory or in the database. */
  get waiting(): number {
    let count = 0;
    for (const home of this.homes.values()) count += home.window.waiting;
    return count;
  }

  /** Opens homes for the agents that have pending events: at start, and for those nobody told this node of. */
  async sweep(): Promise<void> {
    const { pool, directory, log } = this.options;
    try {
      for (const agentId of await agentsWithBacklog(pool)) {
        const home = this.homes.get(agentId);
        if (home?.empty) home.window.restart();
        if (home) continue;
        const agent = await directory.loadAgent(agentId);
        if (agent) this.open(agent);
      }
    } catch (error) {
      log.warn({ err: error }, 'the search for waiting events failed and is repeated');
    }
  }

  /** Stops dispatching; what is in flight goes on. */
  drain(): void {
    this.draining = true;
    for (const home of this.homes.values()) home.run(false);
  }

  close(): void {
    for (const timer of this.timers) timer.cancel();
    this.unsubscribe();
    for (const home of this.homes.values()) home.run(false);
  }

  private tick(): void {
    const held = this.options.node.held();
    if (held && this.lapsed) {
      this.claimed.clear();
      this.claimAll();
    }
    this.lapsed = !held;
    for (const [agentId, home] of this.homes) {
      home.run(held && !this.draining && this.claimed.has(home));
      if (!held) continue;
      home.tick();
      void this.readOn(home);
      if (home.idle) this.forget(agentId, home);
    }
  }

  private forget(agentId: string, home: Home): void {
    if (!this.claimed.has(home)) return;
    home.run(false);
    this.homes.delete(agentId);
    this.claimed.delete(home);
  }

  private claimAll(): void {
    for (const home of this.homes.values()) if (!this.claimed.has(home)) void this.claim(home);
  }

  private async claim(home: Home): Promise<void> {
    const { pool, node, log } = this.options;
    try {
      const { rowCount } = await pool.query({
        ...CLAIM,
        values: [home.agent.id, node.id, node.epoch.toString()],
      });
      if (rowCount === 0) {
        this.claimed.delete(home);
        home.run(false);
        return;
      }
      if (this.claimed.has(home)) return;
      this.claimed.add(home);
      home.window.restart();
      home.run(node.held() && !this.draining);
      await this.readOn(home);
    } catch (error) {
      log.warn(
        { err: error, agent: home.agent.slug },
        'the lease on an agent could not be taken and is tried again',
      );
    }
  }

  private async readOn(home: Home): Promise<void> {
    if (!this.claimed.has(home)) return;
    await home.window.readOn().catch((error: unknown) => {
      this.options.log.warn(
        { err: error, agent: home.agent.slug },
        'waiting events could not be read and are read again',
      );
    });
  }

  private async refresh(agentId: string): Promise<void> {
    const home = this.homes.get(agentId);
    if (!home) return;
    const agent = await this.options.directory.loadAgent(agentId).catch(() => null);
    if (agent) home.agent = agent;
  }
}

// Free, already ours, or left behind by a node that is no longer live.
const CLAIM = {
  name: 'home-claim',
  text: `
update agent a set home_node = $2, home_epoch = $3 where a.id = $1 and (
  (a.home_node = $2 and a.home_epoch = $3)
  or not exists (select from node n where n.id = a.home_node and n.epoch = a.home_epoch and n.lease_expires_at > now()))`,
};
