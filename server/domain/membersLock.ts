import { LockMode } from '@mikro-orm/core';
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
    await permitNow(em, caller, organizationId, access);
    return change(em);
  });
}

/** The lock that all changes of an organisation's members and invitations are made behind. */
export async function lockMembers(em: Em, organizationId: string): Promise<void> {
  await em.execute('select id from organization where id = ? for no key update', [organizationId]);
}

/**
 * What an owner changes of an organisation's other things. The caller's membership is looked up again, and stays as it is until
 * the change is done: who is removed or made a member first is refused, however early they asked.
 */
export function changeAsOwner<T>(
  work: Work,
  caller: Caller,
  organizationId: string,
  change: (em: Em) => Promise<T>,
): Promise<T> {
  return write(work, async (em) => {
    await permitNow(em, caller, organizationId, 'manage', LockMode.PESSIMISTIC_READ);
    return change(em);
  });
}

async function permitNow(
  em: Em,
  caller: Caller,
  organization: string,
  access: Access,
  lockMode: LockMode = LockMode.NONE,
): Promise<void> {
  const own = await em.findOne(Membership, { organization, user: caller.userId }, { lockMode });
  const roles = new Map<string, Role>(own ? [[organization, own.role]] : []);
  permit({ ...caller, roles }, organization, access);
}
