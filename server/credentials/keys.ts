import { ApiKey } from '../database/entities/apiKey.ts';
import type { KeyScope } from '../database/entities/apiKey.ts';
import type { Role } from '../database/entities/membership.ts';
import type { Orm } from '../database/orm.ts';
import type { Verifier } from './verifier.ts';

type Em = Orm['em'];

const TOUCH_MS = 60_000;

export interface KeyRef {
  id: string;
  userId: string;
  organizationId: string;
  role: Role;
  scopes: KeyScope[];
}

interface KeyRow {
  id: string;
  userId: string;
  organizationId: string;
  /** null: its creator is no longer a member. */
  role: Role | null;
  scopes: KeyScope[];
  hash: string;
  valid: boolean;
  idle: boolean;
}

// One query and no entities, since every request of a script begins with it.
const FIND = `select k.id, k.created_by_id as "userId", k.organization_id as "organizationId", m.role, k.scopes, k.hash,
    k.revoked_at is null and (k.expires_at is null or k.expires_at > ?) as valid,
    k.last_used_at is null or k.last_used_at <= ? as idle
  from api_key k left join membership m on m.organization_id = k.organization_id and m.user_id = k.created_by_id
  where k.lookup = ?`;

/**
 * The API key that a well-formed token is, if it is valid now and its creator is still a member; null otherwise. Throws
 * OverloadedError when too many keys wait to be checked.
 */
export async function findKey(
  em: Em,
  verifier: Verifier,
  { token, lookup }: { token: string; lookup: string },
  now: number,
): Promise<KeyRef | null> {
  const times = [new Date(now), new Date(now - TOUCH_MS)];
  const [key] = await em.getConnection().execute<KeyRow[]>(FIND, [...times, lookup]);
  if (!key?.valid) return null;
  if (!(await verifier.verify(token, lookup, key.hash))) return null;
  const { id, userId, organizationId, role, scopes, idle } = key;
  if (role === null) return null;
  if (idle) await em.nativeUpdate(ApiKey, { id }, { lastUsedAt: new Date(now) });
  return { id, userId, organizationId, role, scopes };
}
