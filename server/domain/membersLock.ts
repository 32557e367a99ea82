import type { Role } from '../database/entities/membership.ts';
import { Membership } from '../database/entities/membership.ts';
import type { Access, Caller } from './caller.ts';
import { permit } from './caller.ts';
import type { Em, Work } from './work.ts';
import { write } from './work.ts';

/**
 * Who belongs to an organisation changes one at a time, so that two owners at once cannot leave it without one. What the
 * caller may do is looked up again behind the lock: it may just have changed.
 */
export function changeMembers<T>(
  work: Work,
  caller: Caller,
  organizationId: string,
  access: Access,
  change: (em: Em) => Promise<T>,
): Promise<T> {
  return write(work, async (em) => {
    await lockMembers(em, organizationId);
    const own = await em.findOne(Membership, { organization: organizationId, user: caller.userId });
    const roles = new Map<string, Role>(own ? [[organizationId, own.role]] : []);
    permit({ ...caller, roles }, organizationId, access);
    return change(em);
  });
}

/** The lock that all changes of an organisation's members and invitations are made behind. */
export async function lockMembers(em: Em, organizationId: string): Promise<void> {
  await em.execute('select id from organization where id = ? for no key update', [organizationId]);
}
