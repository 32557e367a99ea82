import { findKey } from '../credentials/keys.ts';
import { findSession } from '../credentials/sessions.ts';
import { Membership } from '../database/entities/membership.ts';
import { UnauthenticatedError } from '../errors.ts';
import type { Caller } from './caller.ts';
import type { Work } from './work.ts';

/** What a request came with. A key wins over a cookie. */
export interface Presented {
  apiKey: string | null;
  sessionCookie: string | null;
  /** The client's network address. */
  address: string | null;
  /** Told when the session's end has moved, so that its cookie can be given a new one. */
  onSlide?: () => void;
}

/**
 * Who is asking, as of now. null: nobody in particular. Throws UnauthenticatedError for a key that is not valid, since
 * whoever sends one wants to be somebody.
 */
export async function callerOf(work: Work, presented: Presented): Promise<Caller | null> {
  const now = work.clock.now();
  if (presented.apiKey !== null) {
    const key = await findKey(work.em, work.verifier, presented.apiKey, now);
    if (!key) throw new UnauthenticatedError('This API key is not valid.');
    const roles = new Map([[key.organizationId, key.role]]);
    const { address } = presented;
    const { userId, scopes } = key;
    return { userId, sessionId: null, apiKeyId: key.id, scopes, address, roles };
  }
  if (presented.sessionCookie === null) return null;
  const session = await findSession(work.em, presented.sessionCookie, now);
  if (!session) return null;
  if (session.slid) presented.onSlide?.();
  return personCaller(work, session.userId, session.id, presented.address);
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
