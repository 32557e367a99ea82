import { LockMode } from '@mikro-orm/core';
import { Invitation } from '../database/entities/invitation.ts';
import type { Role } from '../database/entities/membership.ts';
import { Membership } from '../database/entities/membership.ts';
import { User } from '../database/entities/user.ts';
import { NotFoundError } from '../errors.ts';
import { audit } from './audit.ts';
import type { Caller } from './caller.ts';
import { organizationFor, permit, person } from './caller.ts';
import { newId } from './id.ts';
import type { Page, PageArgs } from './page.ts';
import { keyRange, pageOf, spanOf } from './page.ts';
import { changeMembers, lockMembers } from './membersLock.ts';
import { Check } from './rules.ts';
import type { Em, Work } from './work.ts';
import { timeNow, write } from './work.ts';

type Who = Caller | null;

export const INVITATION_DAYS = 7;
const DAY_MS = 86_400_000;

export type InvitationState = 'pending' | 'expired' | 'accepted' | 'revoked';

export function invitationState(invitation: Invitation, now: number): InvitationState {
  if (invitation.acceptedAt) return 'accepted';
  if (invitation.revokedAt) return 'revoked';
  return invitation.expiresAt.getTime() > now ? 'pending' : 'expired';
}

const open = { acceptedAt: null, revokedAt: null };

/** Those an organisation has sent that were neither accepted nor revoked, by address; expired ones included. */
export async function invitationPage(
  work: Work,
  organizationId: string,
  args: PageArgs,
): Promise<Page<Invitation>> {
  const scope = `invitations ${organizationId}`;
  const span = spanOf(work.cursors, scope, args);
  const email = keyRange(span);
  const rows = await work.em.find(
    Invitation,
    { organization: organizationId, ...open, ...(email ? { email } : {}) },
    { orderBy: { email: span.backward ? 'desc' : 'asc' }, limit: span.size + 1 },
  );
  return pageOf(work.cursors, scope, span, rows, (row) => row.email);
}

/** Those that wait for the caller, whose address is known to be theirs; none for an API key. */
export async function invitationsFor(work: Work, caller: Caller): Promise<Invitation[]> {
  if (caller.apiKeyId) return [];
  const { email } = await work.em.findOneOrFail(User, caller.userId);
  return work.em.find(
    Invitation,
    { email, ...open, expiresAt: { $gt: timeNow(work) } },
    { orderBy: { createdAt: 'asc' }, limit: 100 },
  );
}

/** Whether somebody may come in because of an invitation. */
export async function isInvited(em: Em, email: string, now: Date): Promise<boolean> {
  return (await em.count(Invitation, { email, ...open, expiresAt: { $gt: now } })) > 0;
}

export interface NewInvitation {
  organizationId: string | null;
  email: string;
  role: Role;
}

/** Records it; an expired one to the same address gives way. Throws ValidationError for who is a member or invited already. */
export async function createInvitation(work: Work, who: Who, input: NewInvitation): Promise<Invitation> {
  const someone = person(who);
  const { id } = await organizationFor(work, someone, input.organizationId, 'manage');
  const check = new Check();
  const email = check.email('email', input.email);
  check.done();
  const at = timeNow(work);
  return changeMembers(work, someone, id, 'manage', async (em) => {
    if (await em.count(Membership, { organization: id, user: { email } })) {
      check.fault('email', `${email} is a member already.`);
    }
    const former = await em.findOne(Invitation, { organization: id, email, ...open });
    if (former && former.expiresAt > at) {
      check.fault('email', `${email} has been invited already. Send that invitation again instead.`);
    }
    check.done();
    if (former) {
      former.revokedAt = at;
      await em.flush();
    }
    const invitation = em.create(Invitation, {
      id: newId(at.getTime()),
      organization: id,
      email,
      role: input.role,
      invitedBy: em.getReference(User, someone.userId),
      createdAt: at,
      expiresAt: expiry(at),
    });
    await audit(em, someone, at, { action: 'MEMBER_INVITED', ...about(invitation) });
    return invitation;
  });
}

/** Valid for another seven days from now. */
export async function renewInvitation(work: Work, who: Who, id: string | null): Promise<Invitation> {
  const at = timeNow(work);
  return changeOpen(work, who, id, async (em, someone, invitation) => {
    invitation.expiresAt = expiry(at);
    await audit(em, someone, at, { action: 'INVITATION_RESENT', ...about(invitation) });
  });
}

export async function revokeInvitation(work: Work, who: Who, id: string | null): Promise<Invitation> {
  const at = timeNow(work);
  return changeOpen(work, who, id, async (em, someone, invitation) => {
    invitation.revokedAt = at;
    await audit(em, someone, at, { action: 'INVITATION_REVOKED', ...about(invitation) });
  });
}

/**
 * Ends what a person has sent and nobody has accepted: no one joins on the word of somebody who may not invite any more.
 * `em` is of the transaction that takes that right away.
 */
export async function revokeInvitationsOf(
  em: Em,
  caller: Caller,
  at: Date,
  inviter: Membership,
): Promise<void> {
  const { organization, user: invitedBy } = inviter;
  const sent = await em.find(
    Invitation,
    { organization: organization.id, invitedBy: invitedBy.id, ...open },
    { orderBy: { id: 'asc' }, lockMode: LockMode.PESSIMISTIC_WRITE },
  );
  for (const invitation of sent) {
    invitation.revokedAt = at;
    const { details, ...act } = about(invitation);
    const told = { ...details, invitedBy: invitedBy.email };
    await audit(em, caller, at, { action: 'INVITATION_REVOKED', ...act, details: told });
  }
}

async function changeOpen(
  work: Work,
  who: Who,
  id: string | null,
  change: (em: Em, someone: Caller, invitation: Invitation) => Promise<void>,
): Promise<Invitation> {
  const someone = person(who);
  const known = id === null ? null : await work.em.findOne(Invitation, id);
  if (!known) throw new NotFoundError();
  permit(someone, known.organization.id, 'manage');
  return changeMembers(work, someone, known.organization.id, 'manage', async (em) => {
    const invitation = await em.findOneOrFail(Invitation, known.id, { lockMode: LockMode.PESSIMISTIC_WRITE });
    if (invitation.acceptedAt) throw new NotFoundError('This invitation was accepted already.');
    if (invitation.revokedAt) throw new NotFoundError('This invitation was revoked.');
    await change(em, someone, invitation);
    return invitation;
  });
}

/**
 * Makes the caller a member. Another person's invitation is not found, exactly as an absent one; one's own that is over says
 * so. Who is a member already keeps the role they have.
 */
export async function acceptInvitation(work: Work, who: Who, id: string | null): Promise<Membership> {
  const someone = person(who);
  const at = timeNow(work);
  const { email } = await work.em.findOneOrFail(User, someone.userId);
  const found = id === null ? null : await work.em.findOne(Invitation, { id, email });
  if (!found) throw new NotFoundError();
  const membership = await write(work, async (em) => {
    await lockMembers(em, found.organization.id);
    const user = await em.findOneOrFail(User, someone.userId);
    const invitation = await em.findOneOrFail(Invitation, found.id);
    refuseEnded(invitation, at);
    invitation.acceptedAt = at;
    const organization = invitation.organization;
    const target = { type: 'User', id: user.id, name: user.email };
    await audit(em, someone, at, { action: 'INVITATION_ACCEPTED', ...about(invitation), target });
    const known = await em.findOne(Membership, { organization: organization.id, user: user.id });
    const { role } = invitation;
    return (
      known ?? em.create(Membership, { id: newId(at.getTime()), organization, user, role, createdAt: at })
    );
  });
  work.bus.publish('access.changed', { userId: someone.userId, sessionId: null, apiKeyId: null });
  return membership;
}

function refuseEnded(invitation: Invitation, now: Date): void {
  const state = invitationState(invitation, now.getTime());
  if (state === 'pending') return;
  const what = state === 'expired' ? 'has expired' : `was ${state} already`;
  throw new NotFoundError(`This invitation ${what}. Ask for a new one.`);
}

function expiry(from: Date): Date {
  return new Date(from.getTime() + INVITATION_DAYS * DAY_MS);
}

/** What the audit log says of an invitation. */
function about({ id, organization, email, role }: Invitation) {
  return {
    organizationId: organization.id,
    target: { type: 'Invitation', id, name: email },
    details: { role },
  };
}
