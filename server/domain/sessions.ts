import { endSession } from '../credentials/sessions.ts';
import { Session } from '../database/entities/session.ts';
import { User } from '../database/entities/user.ts';
import { ForbiddenError, NotFoundError } from '../errors.ts';
import type { Act } from './audit.ts';
import { audit } from './audit.ts';
import type { Caller } from './caller.ts';
import { signedIn } from './caller.ts';
import type { Em, Work } from './work.ts';
import { timeNow, write } from './work.ts';

type Who = Caller | null;

/** More than anybody reads; the oldest are left out. */
const LISTED = 100;

/** Somebody who came with a session; throws ForbiddenError for scripts, which have none. */
function withSession(who: Who): Caller & { sessionId: string } {
  const someone = signedIn(who, 'manage');
  const { sessionId } = someone;
  if (sessionId === null) throw new ForbiddenError('API keys have no sessions; revoke the key instead.');
  return { ...someone, sessionId };
}

/** The caller's own live sessions, the last used first; none for an API key. */
export function sessionsOf(work: Work, caller: Caller): Promise<Session[]> {
  if (caller.sessionId === null) return Promise.resolve([]);
  return work.em.find(
    Session,
    { user: caller.userId, revokedAt: null, expiresAt: { $gt: timeNow(work) } },
    { orderBy: { lastUsedAt: 'desc' }, limit: LISTED },
  );
}

/** Ends the session the caller came with. */
export async function signOut(work: Work, who: Who): Promise<void> {
  const { userId, sessionId, ...rest } = withSession(who);
  const at = timeNow(work);
  await write(work, async (em) => {
    if (!(await endSession(em, sessionId, at.getTime()))) return;
    await auditOfPerson(em, { ...rest, userId, sessionId }, at, { action: 'SIGNED_OUT' });
  });
  work.bus.publish('access.changed', { userId, sessionId, apiKeyId: null });
}

/** Ends one of the caller's own sessions, and every subscription opened with it. Ending one twice changes nothing. */
export async function revokeSession(work: Work, who: Who, id: string | null): Promise<void> {
  const someone = withSession(who);
  const session = id === null ? null : await work.em.findOne(Session, { id, user: someone.userId });
  if (!session) throw new NotFoundError();
  const at = timeNow(work);
  await write(work, async (em) => {
    if (!(await endSession(em, session.id, at.getTime()))) return;
    await auditOfPerson(em, someone, at, { action: 'SESSION_REVOKED' });
  });
  work.bus.publish('access.changed', { userId: someone.userId, sessionId: session.id, apiKeyId: null });
}

/** Ends all of the caller's sessions, or all but the one it came with. Resolves to how many there were. */
export async function signOutEverywhere(work: Work, who: Who, exceptThis: boolean): Promise<number> {
  const someone = withSession(who);
  const at = timeNow(work);
  const ended = await write(work, async (em) => {
    const count = await em.nativeUpdate(
      Session,
      {
        user: someone.userId,
        revokedAt: null,
        expiresAt: { $gt: at },
        ...(exceptThis ? { id: { $ne: someone.sessionId } } : {}),
      },
      { revokedAt: at },
    );
    const details = { sessions: String(count) };
    if (count > 0) await auditOfPerson(em, someone, at, { action: 'SIGNED_OUT_EVERYWHERE', details });
    return count;
  });
  work.bus.publish('access.changed', { userId: someone.userId, sessionId: null, apiKeyId: null });
  return ended;
}

/** What a person does with their own access concerns each organisation they belong to, so each has it in its log. */
export async function auditOfPerson(
  em: Em,
  caller: Caller,
  at: Date,
  act: Pick<Act, 'action' | 'details'>,
): Promise<void> {
  const { id, email } = await em.findOneOrFail(User, caller.userId, { disableIdentityMap: true });
  const target = { type: 'User', id, name: email };
  const organizations = caller.roles.size > 0 ? [...caller.roles.keys()] : [null];
  for (const organizationId of organizations) await audit(em, caller, at, { ...act, organizationId, target });
}
