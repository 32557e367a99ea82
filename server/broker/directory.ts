import type { Pool } from 'pg';
import type { Bus } from '../bus/bus.ts';
import type { Clock } from '../clock.ts';

/** What the broker must know of an agent for every event. */
export interface AgentEntry {
  readonly id: string;
  readonly organizationId: string;
  readonly slug: string;
  readonly name: string;
  readonly description: string;
  readonly active: boolean;
  readonly timeoutMs: number;
  readonly maxMs: number;
  readonly queueMs: number;
  readonly maxInFlight: number;
  /** Row ids of the apps that may reach it; empty = every app of the organisation. */
  readonly allowed: ReadonlySet<string>;
}

/** Whether an app may reach an agent as far as its allowlist goes (protocol §12). */
export function allows(agent: AgentEntry, appId: string): boolean {
  return agent.allowed.size === 0 || agent.allowed.has(appId);
}

/** One organisation as it was when last read. */
export interface DirectoryPage {
  readonly agentsBySlug: ReadonlyMap<string, AgentEntry>;
  readonly agentsById: ReadonlyMap<string, AgentEntry>;
  /** App row id → public App ID. */
  readonly appSlugs: ReadonlyMap<string, string>;
}

/** Who may reach whom, cached per organisation and dropped when the bus tells of a change. */
export interface Directory {
  /** The cached page; null when it must be loaded first. */
  get(organizationId: string): DirectoryPage | null;
  load(organizationId: string): Promise<DirectoryPage>;
  /** The page that holds this agent. Null when there is no such agent. */
  loadAgent(agentId: string): Promise<AgentEntry | null>;
  close(): void;
}

/** Organisations kept at a time; the least recently loaded goes first. */
const CAPACITY = 1_000;

/** A page older than this is read again behind its user's back: a lost message must not leave it wrong for ever. */
const FRESH_MS = 5_000;

export function createDirectory(pool: Pool, bus: Bus, clock: Clock): Directory {
  const pages = new Map<string, { page: DirectoryPage; readAt: number }>();
  const loading = new Map<string, Promise<DirectoryPage>>();

  const unsubscribe = bus.subscribe('directory.changed', ({ organizationId }) => {
    pages.delete(organizationId);
    // A load that began before the change may have read what was there before it.
    loading.delete(organizationId);
  });

  function load(organizationId: string): Promise<DirectoryPage> {
    const cached = get(organizationId);
    return cached ? Promise.resolve(cached) : refresh(organizationId);
  }

  function get(organizationId: string): DirectoryPage | null {
    const cached = pages.get(organizationId);
    if (!cached) return null;
    if (clock.monotonic() - cached.readAt > FRESH_MS) refresh(organizationId).catch(() => undefined);
    return cached.page;
  }

  function refresh(organizationId: string): Promise<DirectoryPage> {
    const under = loading.get(organizationId);
    if (under) return under;
    const promise: Promise<DirectoryPage> = read(pool, organizationId).then(
      (page) => {
        if (loading.get(organizationId) !== promise) return refresh(organizationId);
        loading.delete(organizationId);
        pages.delete(organizationId);
        pages.set(organizationId, { page, readAt: clock.monotonic() });
        if (pages.size > CAPACITY) pages.delete(pages.keys().next().value as string);
        return page;
      },
      (error: unknown) => {
        if (loading.get(organizationId) === promise) loading.delete(organizationId);
        throw error;
      },
    );
    loading.set(organizationId, promise);
    return promise;
  }

  return {
    get,
    load,
    async loadAgent(agentId) {
      const { rows } = await pool.query<{ organizationId: string }>({
        name: 'directory-agent',
        text: 'select organization_id as "organizationId" from agent where id = $1',
        values: [agentId],
      });
      if (!rows[0]) return null;
      return (await load(rows[0].organizationId)).agentsById.get(agentId) ?? null;
    },
    close: unsubscribe,
  };
}

interface AgentRow extends Omit<AgentEntry, 'allowed'> {
  allowed: string[];
}

async function read(pool: Pool, organizationId: string): Promise<DirectoryPage> {
  const [agents, apps] = await Promise.all([
    pool.query<AgentRow>({
      name: 'directory-agents',
      text: `
select a.id, a.organization_id as "organizationId", a.slug, a.name, a.description, a.deactivated_at is null as active,
  a.timeout_seconds * 1000 as "timeoutMs", a.max_seconds * 1000 as "maxMs", a.queue_seconds::float8 * 1000 as "queueMs",
  a.max_in_flight as "maxInFlight", array(select app_id::text from allowlist_entry where agent_id = a.id) as allowed
from agent a where a.organization_id = $1 order by a.slug`,
      values: [organizationId],
    }),
    pool.query<{ id: string; slug: string }>({
      name: 'directory-apps',
      text: 'select id, slug from app where organization_id = $1',
      values: [organizationId],
    }),
  ]);
  const entries = agents.rows.map((row): AgentEntry => ({ ...row, allowed: new Set(row.allowed) }));
  return {
    agentsBySlug: new Map(entries.map((entry) => [entry.slug, entry])),
    agentsById: new Map(entries.map((entry) => [entry.id, entry])),
    appSlugs: new Map(apps.rows.map((row) => [row.id, row.slug])),
  };
}
