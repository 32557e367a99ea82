import type { Role } from '../database/entities/membership.ts';
import { Membership } from '../database/entities/membership.ts';
import { NotFoundError, RelayError } from '../errors.ts';
import { revokeKeysOf } from './apiKeys.ts';
import { audit } from './audit.ts';
import type { Caller } from './caller.ts';
import { organizationFor, permit, person } from './caller.ts';
import { revokeInvitationsOf } from './invitations.ts';
import { changeMembers } from './membersLock.ts';
import type { Page, PageArgs } from './page.ts';
import { keyRange, pageOf, spanOf } from './page.ts';
import type { Em, Work } from './work.ts';
import { timeNow } from './work.ts';

type Who = Caller | null;

/** An organisation always has an owner. */
export class LastOwnerError extends RelayError {
  constructor() {
    super('LAST_OWNER', 'This is the last owner. Make somebody else an owner first.');
  }
}

/** An organisation's members, by their address. */
export async function memberPage(
  work: Work,
  organizationId: string,
  args: PageArgs,
): Promise<Page<Membership>> {
  const scope = `members ${organizationId}`;
  const span = spanOf(work.cursors, scope, args);
  const email = keyRange(span);
  const rows = await work.em.find(
    Membership,
    { organization: organizationId, user: email ? { email } : {} },
    {
      populate: ['user'],
      orderBy: { user: { email: span.backward ? 'desc' : 'asc' } },
      limit: span.size + 1,
    },
  );
  return pageOf(work.cursors, scope, span, rows, (row) => row.user.email);
}

/** The caller's own memberships; an API key has the one of its organisation. */
export async function membershipsOf(work: Work, caller: Caller): Promise<Membership[]> {
  return work.em.find(
    Membership,
    { user: caller.userId, organization: { $in: [...caller.roles.keys()] } },
    { populate: ['user', 'organization'], orderBy: { organization: { slug: 'asc' } } },
  );
}

/**
 * Ends the person's subscriptions, which begin again with the new rights, and the open invitations of whoever is an owner no
 * longer. Throws LastOwnerError.
 */
export async function changeRole(work: Work, who: Who, id: string | null, role: Role): Promise<Membership> {
  const someone = person(who);
  const known = await membershipFor(work, someone, id);
  const membership = await changeMembers(work, someone, known.organization.id, 'manage', async (em) => {
    const found = await present(em, { id: known.id });
    if (found.role === role) return found;
    if (found.role === 'owner') await refuseLastOwner(em, found);
    const [at, details] = [timeNow(work), { from: found.role, to: role }];
    found.role = role;
    await audit(em, someone, at, { action: 'ROLE_CHANGED', ...about(found), details });
    if (role !== 'owner') await revokeInvitationsOf(em, someone, at, found);
    return found;
  });
  tell(work, membership);
  return membership;
}

/**
 * Ends the membership, the API keys the person made here and the open invitations they sent. Throws LastOwnerError. Resolves
 * to the membership's id.
 */
export async function removeMember(work: Work, who: Who, id: string | null): Promise<string> {
  const someone = person(who);
  const known = await membershipFor(work, someone, id);
  await changeMembers(work, someone, known.organization.id, 'manage', async (em) =>
    end(work, em, someone, await present(em, { id: known.id }), 'MEMBER_REMOVED'),
  );
  tell(work, known);
  return known.id;
}

/** Ends the caller's own membership, and what ends with it. Throws LastOwnerError. Resolves to the organisation's id. */
export async function leaveOrganization(work: Work, who: Who, id: string | null): Promise<string> {
  const someone = person(who);
  const { id: organization } = await organizationFor(work, someone, id, 'read');
  const membership = await changeMembers(work, someone, organization, 'read', async (em) => {
    const own = await present(em, { organization, user: someone.userId });
    await end(work, em, someone, own, 'MEMBER_LEFT');
    return own;
  });
  tell(work, membership);
  return organization;
}

async function end(
  work: Work,
  em: Em,
  caller: Caller,
  membership: Membership,
  action: 'MEMBER_REMOVED' | 'MEMBER_LEFT',
): Promise<void> {
  if (membership.role === 'owner') await refuseLastOwner(em, membership);
  const at = timeNow(work);
  await em.nativeDelete(Membership, { id: membership.id });
  const details = { role: membership.role };
  await audit(em, caller, at, { action, ...about(membership), details });
  await revokeKeysOf(em, caller, at, membership);
  await revokeInvitationsOf(em, caller, at, membership);
}

async function membershipFor(work: Work, caller: Caller, id: string | null): Promise<Membership> {
  const membership = id === null ? null : await work.em.findOne(Membership, id);
  if (!membership) throw new NotFoundError();
  permit(caller, membership.organization.id, 'manage');
  return membership;
}

/** Behind the lock it may be gone. */
async function present(
  em: Em,
  where: { id: string } | { organization: string; user: string },
): Promise<Membership> {
  const membership = await em.findOne(Membership, where, { populate: ['user'] });
  if (!membership) throw new NotFoundError();
  return membership;
}

async function refuseLastOwner(em: Em, { organization }: Membership): Promise<void> {
  const owners = await em.count(Membership, { organization: organization.id, role: 'owner' });
  if (owners <= 1) throw new LastOwnerError();
}

/** What the audit log says of a member. */
function about({ organization, user }: Membership) {
  return { organizationId: organization.id, target: { type: 'User', id: user.id, name: user.email } };
}

function tell(work: Work, { user }: Membership): void {
  work.bus.publish('access.changed', { userId: user.id, sessionId: null, apiKeyId: null });
}
