import type { Attempts } from '../credentials/attempts.ts';
import { findKey } from '../credentials/keys.ts';
import { findSession } from '../credentials/sessions.ts';
import { parseToken } from '../credentials/token.ts';
import { Membership } from '../database/entities/membership.ts';
import { UnauthenticatedError } from '../errors.ts';
import type { Caller } from './caller.ts';
import type { Work } from './work.ts';

/** What a request came with. A key wins over a cookie. */
export interface Presented {
  apiKey: string | null;
  sessionCookie: string | null;
  /** The client's network address. */
  address: string;
  /** Told when the session's end has moved, so that its cookie can be given a new one. */
  onSlide?: () => void;
}

/**
 * Who is asking, as of now. null: nobody in particular. Whoever sends a key wants to be somebody: throws
 * UnauthenticatedError when it is not valid, RateLimitedError when too many from this address were not, and
 * OverloadedError when too many wait to be checked.
 */
export async function callerOf(work: Work, attempts: Attempts, presented: Presented): Promise<Caller | null> {
  if (presented.apiKey !== null) return keyCaller(work, attempts, presented.apiKey, presented.address);
  if (presented.sessionCookie === null) return null;
  const session = await findSession(work.em, presented.sessionCookie, work.clock.now());
  if (!session) return null;
  if (session.slid) presented.onSlide?.();
  return personCaller(work, session.userId, session.id, presented.address);
}

async function keyCaller(work: Work, attempts: Attempts, token: string, address: string): Promise<Caller> {
  const parsed = parseToken('key', token);
  const key = await attempts.judge(address, parsed, ({ lookup }) =>
    findKey(work.em, work.verifier, { token, lookup }, work.clock.now()),
  );
  if (!key) throw new UnauthenticatedError('This API key is not valid.');
  const { id, userId, organizationId, role, scopes } = key;
  return {
    userId,
    sessionId: null,
    apiKeyId: id,
    scopes,
    address,
    roles: new Map([[organizationId, role]]),
  };
}

export async function personCaller(
  work: Pick<Work, 'em'>,
  userId: string,
  sessionId: string,
  address: string | null,
): Promise<Caller> {
  const memberships = await work.em.find(Membership, { user: userId }, { disableIdentityMap: true });
  const roles = new Map(memberships.map((row) => [row.organization.id, row.role]));
  return { userId, sessionId, apiKeyId: null, scopes: null, address, roles };
}
