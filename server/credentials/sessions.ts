import { randomUUID } from 'node:crypto';
import { Session } from '../database/entities/session.ts';
import { User } from '../database/entities/user.ts';
import type { Orm } from '../database/orm.ts';
import { randomId, sha256 } from './secrets.ts';

type Em = Orm['em'];

export const SESSION_COOKIE = 'relay_session';
/** A session ends this long after its last use. */
export const SESSION_MS = 7 * 24 * 60 * 60 * 1_000;
const TOUCH_MS = 60_000;
const ID = /^[A-Za-z0-9_-]{43}$/;

export interface SessionRef {
  id: string;
  userId: string;
}

/** `slid`: its end has moved, so the browser's cookie should live as long again. */
export interface FoundSession extends SessionRef {
  slid: boolean;
}

/** A new session for a person who has just proved who they are. `cookie` is the only copy of its secret. */
export async function openSession(
  em: Em,
  userId: string,
  from: { userAgent: string | null; address: string | null },
  now: number,
): Promise<{ session: SessionRef; cookie: string }> {
  const cookie = randomId();
  const id = randomUUID();
  await em.insert(Session, {
    id,
    idHash: sha256(cookie),
    user: em.getReference(User, userId),
    createdAt: new Date(now),
    lastUsedAt: new Date(now),
    expiresAt: new Date(now + SESSION_MS),
    userAgent: from.userAgent?.slice(0, 400) ?? null,
    address: from.address,
  });
  return { session: { id, userId }, cookie };
}

/** The live session of a cookie, or null. Its end moves on with use, written at most once a minute. */
export async function findSession(em: Em, cookie: string, now: number): Promise<FoundSession | null> {
  if (!ID.test(cookie)) return null;
  const session = await em.findOne(
    Session,
    { idHash: sha256(cookie), revokedAt: null, expiresAt: { $gt: new Date(now) } },
    { disableIdentityMap: true },
  );
  if (!session) return null;
  const slid = now - session.lastUsedAt.getTime() >= TOUCH_MS;
  if (slid) {
    const use = { lastUsedAt: new Date(now), expiresAt: new Date(now + SESSION_MS) };
    const there = await em.nativeUpdate(Session, { id: session.id, revokedAt: null }, use);
    // Ended just now.
    if (there === 0) return null;
  }
  return { id: session.id, userId: session.user.id, slid };
}

/** Whether it was live until now. */
export async function endSession(em: Em, id: string, now: number): Promise<boolean> {
  const live = { id, revokedAt: null, expiresAt: { $gt: new Date(now) } };
  return (await em.nativeUpdate(Session, live, { revokedAt: new Date(now) })) > 0;
}
