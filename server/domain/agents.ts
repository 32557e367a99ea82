import { Agent } from '../database/entities/agent.ts';
import { Organization } from '../database/entities/organization.ts';
import type { Caller } from './caller.ts';
import { agentFor, organizationFor } from './caller.ts';
import { IdTakenError, isUniqueViolation, suggestSlug } from './conflicts.ts';
import { newId } from './id.ts';
import { Check } from './rules.ts';
import type { Owner } from './tokens.ts';
import { announce, insertToken, mintFor, revokePrevious, rotateToken } from './tokens.ts';
import type { Work } from './work.ts';
import { timeNow, write } from './work.ts';

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
  const organization = await organizationFor(work, who, input.organizationId, 'manage');
  const check = new Check();
  const name = check.name('name', input.name);
  const slug = check.slug('agentId', input.agentId);
  const given = settings(check, input);
  check.done();
  const minted = await mintFor(work, 'agent', slug);
  const createdAt = timeNow(work);
  try {
    const agent = await write(work, async (em) => {
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
  const agent = await agentFor(work, who, id, 'manage');
  const check = new Check();
  const name = input.name == null ? agent.name : check.name('name', input.name);
  const given = settings(check, input);
  check.done();
  Object.assign(agent, { name, ...given });
  await work.em.flush();
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
  const agent = await agentFor(work, who, id, 'manage');
  if ((agent.deactivatedAt === null) === active) return agent;
  agent.deactivatedAt = active ? null : timeNow(work);
  await work.em.flush();
  tell(work, agent);
  announce(work, agentOwner(agent));
  return agent;
}

export async function rotateAgentToken(work: Work, who: Who, id: string | null, graceSeconds: number) {
  const agent = await agentFor(work, who, id, 'manage');
  return { agent, ...(await rotateToken(work, agentOwner(agent), graceSeconds)) };
}

export async function revokePreviousAgentToken(work: Work, who: Who, id: string | null): Promise<Agent> {
  const agent = await agentFor(work, who, id, 'manage');
  await revokePrevious(work, agentOwner(agent));
  return agent;
}

function agentOwner(agent: Agent): Owner {
  return { kind: 'agent', id: agent.id, slug: agent.slug, organizationId: agent.organization.id };
}

function tell(work: Work, agent: Agent): void {
  work.bus.publish('directory.changed', {
    organizationId: agent.organization.id,
    kind: 'agent',
    id: agent.id,
  });
}
