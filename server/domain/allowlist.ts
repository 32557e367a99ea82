import { Agent, AllowlistEntry } from '../database/entities/agent.ts';
import { App } from '../database/entities/app.ts';
import { audit } from './audit.ts';
import type { Caller } from './caller.ts';
import { agentFor, appFor, signedIn } from './caller.ts';
import type { DirectoryFilter } from './directory.ts';
import { called } from './directory.ts';
import { NotFoundError, ValidationError } from '../errors.ts';
import { changeAsOwner } from './membersLock.ts';
import type { Page, PageArgs } from './page.ts';
import { keyRange, pageOf, spanOf } from './page.ts';
import type { Queries } from './reader.ts';
import { Check } from './rules.ts';
import type { Em, Work } from './work.ts';
import { timeNow } from './work.ts';

type Who = Caller | null;

/** The first app that is allowed closes the agent to all others. Allowing one twice changes nothing. */
export async function allowApp(
  work: Work,
  who: Who,
  agentId: string | null,
  appId: string | null,
): Promise<Agent> {
  const { someone, agent, app } = await pair(work, who, agentId, appId);
  const at = timeNow(work);
  await changeEntries(work, someone, agent, (em) => add(em, someone, at, agent, app));
  tell(work, agent);
  return agent;
}

/** Changes of one allowlist at a time. */
const CHANGES_MAX = 500;

/**
 * Allows and disallows many apps at once, so that nobody is let in, or kept out, on the way. Row ids. Throws ValidationError
 * when that would leave the list empty and nobody has said that it may.
 */
export async function changeAllowlist(
  work: Work,
  who: Who,
  agentId: string | null,
  { allow, disallow, mayOpen }: { allow: (string | null)[]; disallow: (string | null)[]; mayOpen: boolean },
): Promise<Agent> {
  const someone = signedIn(who, 'manage');
  const agent = await agentFor(work, someone, agentId, 'manage');
  const check = new Check();
  if (allow.length + disallow.length > CHANGES_MAX)
    check.fault('allow', `Change at most ${CHANGES_MAX} apps at once.`);
  check.done();
  const [added, removed] = [await appsOf(work, agent, allow), await appsOf(work, agent, disallow)];
  const at = timeNow(work);
  await changeEntries(work, someone, agent, async (em) => {
    for (const app of added) await add(em, someone, at, agent, app);
    for (const app of removed) await remove(em, someone, at, agent, app);
    if (removed.length > 0 && !mayOpen) await refuseOpening(em, 'disallow', agent);
  });
  tell(work, agent);
  return agent;
}

/** Throws NotFoundError unless all are apps of the agent's own organisation. */
async function appsOf(work: Work, agent: Agent, ids: (string | null)[]): Promise<App[]> {
  const wanted = new Set(ids);
  if (wanted.has(null)) throw new NotFoundError();
  const organization = agent.organization.id;
  const apps = await work.em.find(App, { id: { $in: [...wanted] as string[] }, organization });
  if (apps.length < wanted.size) throw new NotFoundError();
  return apps;
}

/** One after the other: each finds what the one before has left, so that two together never open an agent that neither would. */
function changeEntries(
  work: Work,
  someone: Caller,
  agent: Agent,
  change: (em: Em) => Promise<void>,
): Promise<void> {
  return changeAsOwner(work, someone, agent.organization.id, async (em) => {
    await em.execute('select id from agent where id = ? for no key update', [agent.id]);
    await change(em);
  });
}

async function add(em: Em, someone: Caller, at: Date, agent: Agent, app: App): Promise<void> {
  const added = await em.execute<object[]>(
    `insert into allowlist_entry (agent_id, app_id, created_at) values (?, ?, ?)
     on conflict do nothing returning agent_id`,
    [agent.id, app.id, at],
  );
  if (added.length > 0) await audit(em, someone, at, { action: 'APP_ALLOWED', ...about(agent, app) });
}

async function remove(em: Em, someone: Caller, at: Date, agent: Agent, app: App): Promise<void> {
  const removed = await em.nativeDelete(AllowlistEntry, { agent: agent.id, app: app.id });
  if (removed > 0) await audit(em, someone, at, { action: 'APP_DISALLOWED', ...about(agent, app) });
}

/** Whoever takes off one of several does not know that somebody else has just taken off the others. */
async function refuseOpening(em: Em, field: string, agent: Agent): Promise<void> {
  if ((await em.count(AllowlistEntry, { agent: agent.id })) > 0) return;
  const message = `The list has changed: without this app every app may reach ${agent.name}. Look at it again.`;
  throw new ValidationError([{ field, message }]);
}

/**
 * Disallowing the last app opens the agent to every app of its organisation again; throws ValidationError when nobody has said
 * that it may.
 */
export async function disallowApp(
  work: Work,
  who: Who,
  agentId: string | null,
  appId: string | null,
  mayOpen: boolean,
): Promise<Agent> {
  const { someone, agent, app } = await pair(work, who, agentId, appId);
  await changeEntries(work, someone, agent, async (em) => {
    await remove(em, someone, timeNow(work), agent, app);
    if (!mayOpen) await refuseOpening(em, 'appId', agent);
  });
  tell(work, agent);
  return agent;
}

async function pair(work: Work, who: Who, agentId: string | null, appId: string | null) {
  const someone = signedIn(who, 'manage');
  const agent = await agentFor(work, someone, agentId, 'manage');
  const app = await appFor(work, someone, appId, 'manage');
  // Someone who owns two organisations must still not join them.
  if (app.organization.id !== agent.organization.id) throw new NotFoundError();
  return { someone, agent, app };
}

/** What the audit log says of an entry. */
function about(agent: Agent, app: App) {
  const target = { type: 'Agent', id: agent.id, name: agent.slug };
  return { organizationId: agent.organization.id, target, details: { app: app.slug } };
}

function tell(work: Work, agent: Agent): void {
  work.bus.publish('directory.changed', {
    organizationId: agent.organization.id,
    kind: 'allowlist',
    id: agent.id,
  });
}

/** The apps an agent is restricted to, by their id; empty when it is open to all. */
export async function allowlistPage(
  work: Work,
  agent: Agent,
  args: PageArgs & Pick<DirectoryFilter, 'search'>,
): Promise<Page<App>> {
  const scope = `allowlist ${agent.id}`;
  const span = spanOf(work.cursors, scope, args);
  const slug = keyRange(span);
  const where = { agent: agent.id, app: { ...called(args.search), ...(slug ? { slug } : {}) } };
  const entries = await work.reader.turn(() =>
    work.em.find(AllowlistEntry, where, {
      populate: ['app'],
      orderBy: { app: { slug: span.backward ? 'desc' : 'asc' } },
      limit: span.size + 1,
    }),
  );
  const apps = entries.map((entry) => entry.app as App);
  return pageOf(work.cursors, scope, span, apps, (app) => app.slug);
}

/** The active agents an app may reach: those open to all and those that name it, by their id. */
export async function reachablePage(work: Work, app: App, args: PageArgs): Promise<Page<Agent>> {
  const scope = `reachable ${app.id}`;
  const span = spanOf(work.cursors, scope, args);
  const { rows } = await work.reader.query<{ id: string }>(
    `select a.id from agent a
      where a.organization_id = $1 and a.deactivated_at is null
        and ($3::text is null or a.slug > $3) and ($4::text is null or a.slug < $4)
        and (exists (select 1 from allowlist_entry e where e.agent_id = a.id and e.app_id = $2)
             or not exists (select 1 from allowlist_entry e where e.agent_id = a.id))
      order by a.slug ${span.backward ? 'desc' : 'asc'} limit $5`,
    [app.organization.id, app.id, span.after, span.before, span.size + 1],
  );
  const ids = rows.map((row) => row.id);
  const agents = await work.em.find(Agent, { id: { $in: ids } });
  const byId = new Map(agents.map((agent) => [agent.id, agent]));
  const inOrder = ids.flatMap((id) => byId.get(id) ?? []);
  return pageOf(work.cursors, scope, span, inOrder, (agent) => agent.slug);
}

/** Whether each agent's allowlist has an entry, in one query. */
export async function restrictedOf(reader: Queries, agentIds: readonly string[]): Promise<boolean[]> {
  const { rows } = await reader.query<{ id: string }>(
    'select distinct agent_id as id from allowlist_entry where agent_id = any($1::uuid[])',
    [agentIds],
  );
  const restricted = new Set(rows.map((row) => row.id));
  return agentIds.map((id) => restricted.has(id));
}
