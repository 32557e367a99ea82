import { Agent } from '../database/entities/agent.ts';
import { App } from '../database/entities/app.ts';
import type { Role } from '../database/entities/membership.ts';
import { Organization } from '../database/entities/organization.ts';
import { ForbiddenError, NotFoundError, UnauthenticatedError } from '../errors.ts';
import type { Work } from './work.ts';

/** Who asks: a person in a browser (`sessionId`) or a script (`apiKeyId`), and what they may look at. */
export interface Caller {
  /** The person; for an API key, its creator. */
  userId: string;
  sessionId: string | null;
  apiKeyId: string | null;
  /** What its API key may do; null: it is not limited by a key. */
  scopes: readonly Access[] | null;
  /** The client's network address; null where it is not known. */
  address: string | null;
  /** By organisation row id. An API key sees only its own organisation, whatever else its creator belongs to. */
  roles: ReadonlyMap<string, Role>;
}

export type Access = 'read' | 'manage';

/**
 * The one place where tenants are kept apart. Throws NotFoundError for another organisation's things, exactly as for
 * absent ones, and ForbiddenError for members who try to change something.
 */
export function permit(caller: Caller, organizationId: string, access: Access): void {
  const role = caller.roles.get(organizationId);
  if (!role) throw new NotFoundError();
  if (caller.scopes && !caller.scopes.includes(access)) {
    throw new ForbiddenError(`This API key does not have the scope "${access}".`);
  }
  if (access === 'manage' && role !== 'owner') {
    throw new ForbiddenError('Only owners of the organisation may do this.');
  }
}

/** Refuses strangers before any query is made for them. */
export function signedIn(caller: Caller | null, access: Access = 'read'): Caller {
  if (caller) return caller;
  throw access === 'read' ? new UnauthenticatedError() : new ForbiddenError('Sign in first.');
}

/** Refuses scripts: API keys manage neither keys nor members nor organisations. */
export function person(caller: Caller | null): Caller {
  const someone = signedIn(caller, 'manage');
  if (someone.apiKeyId) throw new ForbiddenError('API keys cannot do this; sign in instead.');
  return someone;
}

/** `id` is a row id, or null when the caller's id could not be one. The same holds for all of these. */
export async function organizationFor(
  work: Work,
  caller: Caller | null,
  id: string | null,
  access: Access,
): Promise<Organization> {
  const someone = signedIn(caller, access);
  if (id === null) throw new NotFoundError();
  permit(someone, id, access);
  const organization = await work.em.findOne(Organization, id);
  if (!organization) throw new NotFoundError();
  return organization;
}

export async function appFor(
  work: Work,
  caller: Caller | null,
  id: string | null,
  access: Access,
): Promise<App> {
  const someone = signedIn(caller, access);
  const app = id === null ? null : await work.em.findOne(App, id);
  if (!app) throw new NotFoundError();
  permit(someone, app.organization.id, access);
  return app;
}

export async function agentFor(
  work: Work,
  caller: Caller | null,
  id: string | null,
  access: Access,
): Promise<Agent> {
  const someone = signedIn(caller, access);
  const agent = id === null ? null : await work.em.findOne(Agent, id);
  if (!agent) throw new NotFoundError();
  permit(someone, agent.organization.id, access);
  return agent;
}

/** What was found, or null where it is absent or another organisation's: the way queries answer. */
export async function orNull<T>(found: Promise<T>): Promise<T | null> {
  try {
    return await found;
  } catch (error) {
    if (error instanceof NotFoundError) return null;
    throw error;
  }
}
