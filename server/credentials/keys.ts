import { ApiKey } from '../database/entities/apiKey.ts';
import type { Role } from '../database/entities/membership.ts';
import { Membership } from '../database/entities/membership.ts';
import type { Orm } from '../database/orm.ts';
import { parseToken } from './token.ts';
import type { Verifier } from './verifier.ts';

type Em = Orm['em'];

const TOUCH_MS = 60_000;

export interface KeyRef {
  id: string;
  userId: string;
  organizationId: string;
  role: Role;
}

/**
 * The API key behind a text, if it is valid now and its creator is still a member; null otherwise. Throws OverloadedError
 * when too many keys wait to be checked.
 */
export async function findKey(em: Em, verifier: Verifier, text: string, now: number): Promise<KeyRef | null> {
  const parsed = parseToken('key', text);
  if (!parsed) return null;
  const key = await em.findOne(ApiKey, { lookup: parsed.lookup }, { disableIdentityMap: true });
  if (!key || key.revokedAt || (key.expiresAt && key.expiresAt.getTime() <= now)) return null;
  if (!(await verifier.verify(text, parsed.lookup, key.hash))) return null;
  const owner = { organization: key.organization.id, user: key.createdBy.id };
  const membership = await em.findOne(Membership, owner, { disableIdentityMap: true });
  if (!membership) return null;
  if (now - (key.lastUsedAt?.getTime() ?? 0) >= TOUCH_MS) {
    await em.nativeUpdate(ApiKey, { id: key.id }, { lastUsedAt: new Date(now) });
  }
  return { id: key.id, userId: owner.user, organizationId: owner.organization, role: membership.role };
}
