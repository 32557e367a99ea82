import { LockMode } from '@mikro-orm/core';
import { Agent } from '../database/entities/agent.ts';
import { Organization } from '../database/entities/organization.ts';
import type { Target } from './audit.ts';
import { audit } from './audit.ts';
import type { Caller } from './caller.ts';
import { agentFor, organizationFor, signedIn } from './caller.ts';
import { IdTakenError, isUniqueViolation, suggestSlug } from './conflicts.ts';
import { newId } from './id.ts';
import { changeAsOwner } from './membersLock.ts';
import { Check } from './rules.ts';
import type { Owner } from './tokens.ts';
import { announce, insertToken, mintFor, revokePrevious, rotateToken } from './tokens.ts';
import type { Work } from './work.ts';
import { timeNow } from './work.ts';

type Who = Caller | null;

/** Seconds, and for `maxInFlight` events on each connection; what is absent stays as it is or takes its default. */
export interface AgentSettings {
  description?: string | null;
  timeoutSeconds?: number | null;
  maxSeconds?: number | null;
  queueSeconds?: number | null;
  maxInFlight?: number | null;
}

export interface NewAgent extends AgentSettings {
  organizationId: string | null;
  name: string;
  /** The slug, unique in the organisation, for ever. */
  agentId: string;
}

const bounds = {
  timeoutSeconds: [1, 3_600],
  maxSeconds: [1, 86_400],
  queueSeconds: [1, 604_800],
  maxInFlight: [1, 1_000],
} as const;

function settings(check: Check, input: AgentSettings) {
  const entries = Object.entries(bounds).flatMap(([field, [min, max]]) => {
    const value = input[field as keyof typeof bounds];
    return value == null ? [] : [[field, check.whole(field, value, min, max)]];
  });
  const values = Object.fromEntries(entries) as { [K in keyof typeof bounds]?: number };
  if (input.description == null) return values;
  return { ...values, description: check.description('description', input.description) };
}

/** `token` is the only copy there will ever be. Throws IdTakenError with a free id. */
export async function registerAgent(
  work: Work,
  who: Who,
  input: NewAgent,
): Promise<{ agent: Agent; token: string }> {
  const someone = signedIn(who, 'manage');
  const organization = await organizationFor(work, someone, input.organizationId, 'manage');
  const check = new Check();
  const name = check.name('name', input.name);
  const slug = check.slug('agentId', input.agentId);
  const given = settings(check, input);
  check.done();
  const minted = await mintFor(work, 'agent', slug);
  const createdAt = timeNow(work);
  try {
    const agent = await changeAsOwner(work, someone, organization.id, async (em) => {
      const row = em.create(Agent, {
        id: newId(createdAt.getTime()),
        organization: em.getReference(Organization, organization.id),
        slug,
        name,
        createdAt,
        description: '',
        timeoutSeconds: 120,
        maxSeconds: 3_600,
        queueSeconds: 86_400,
        maxInFlight: 64,
        ...given,
      });
      await em.flush();
      await insertToken(em, 'agent', row.id, minted, createdAt);
      await audit(em, someone, createdAt, { action: 'AGENT_REGISTERED', ...about(row) });
      return row;
    });
    tell(work, agent);
    return { agent, token: minted.token };
  } catch (error) {
    if (isUniqueViolation(error)) throw await idTaken(work, organization.id, slug);
    throw error;
  }
}

async function idTaken(work: Work, organizationId: string, slug: string): Promise<IdTakenError> {
  const taken = await work.em.find(Agent, { organization: organizationId }, { fields: ['slug'] });
  return new IdTakenError(
    'agentId',
    slug,
    suggestSlug(
      slug,
      taken.map((agent) => agent.slug),
    ),
  );
}

export async function updateAgent(
  work: Work,
  who: Who,
  id: string | null,
  input: AgentSettings & { name?: string | null },
): Promise<Agent> {
  const someone = signedIn(who, 'manage');
  const known = await agentFor(work, someone, id, 'manage');
  const check = new Check();
  const name = input.name == null ? {} : { name: check.name('name', input.name) };
  const given = { ...settings(check, input), ...name };
  check.done();
  const agent = await changeAsOwner(work, someone, known.organization.id, async (em) => {
    const found = await em.findOneOrFail(Agent, known.id, { lockMode: LockMode.PESSIMISTIC_WRITE });
    const details = differences(found, given);
    Object.assign(found, given);
    await audit(em, someone, timeNow(work), { action: 'AGENT_UPDATED', ...about(found), details });
    return found;
  });
  tell(work, agent);
  return agent;
}

/** Keeps tokens, queue and history; closes live sockets and refuses new ones until the agent is reactivated. */
export async function setAgentActive(
  work: Work,
  who: Who,
  id: string | null,
  active: boolean,
): Promise<Agent> {
  const someone = signedIn(who, 'manage');
  const known = await agentFor(work, someone, id, 'manage');
  const at = timeNow(work);
  const agent = await changeAsOwner(work, someone, known.organization.id, async (em) => {
    const found = await em.findOneOrFail(Agent, known.id, { lockMode: LockMode.PESSIMISTIC_WRITE });
    if ((found.deactivatedAt === null) === active) return found;
    found.deactivatedAt = active ? null : at;
    const action = active ? 'AGENT_REACTIVATED' : 'AGENT_DEACTIVATED';
    await audit(em, someone, at, { action, ...about(found) });
    return found;
  });
  tell(work, agent);
  announce(work, agentOwner(agent));
  return agent;
}

export async function rotateAgentToken(work: Work, who: Who, id: string | null, graceSeconds: number) {
  const someone = signedIn(who, 'manage');
  const agent = await agentFor(work, someone, id, 'manage');
  return { agent, ...(await rotateToken(work, someone, agentOwner(agent), graceSeconds)) };
}

export async function revokePreviousAgentToken(
  work: Work,
  who: Who,
  id: string | null,
  lookup?: string | null,
): Promise<Agent> {
  const someone = signedIn(who, 'manage');
  const agent = await agentFor(work, someone, id, 'manage');
  await revokePrevious(work, someone, agentOwner(agent), lookup);
  return agent;
}

function agentOwner(agent: Agent): Owner {
  return { kind: 'agent', id: agent.id, slug: agent.slug, organizationId: agent.organization.id };
}

/** What the audit log says of an agent. */
function about(agent: Agent): { organizationId: string; target: Target } {
  return { organizationId: agent.organization.id, target: { type: 'Agent', id: agent.id, name: agent.slug } };
}

/** The settings that change, from what to what. */
function differences(agent: Agent, given: object): Record<string, string> {
  const before = agent as unknown as Record<string, unknown>;
  const changed = Object.entries(given).filter(([field, value]) => before[field] !== value);
  return Object.fromEntries(changed.map(([field, value]) => [field, `${String(before[field])} → ${value}`]));
}

function tell(work: Work, agent: Agent): void {
  work.bus.publish('directory.changed', {
    organizationId: agent.organization.id,
    kind: 'agent',
    id: agent.id,
  });
}
