import type { Pool } from 'pg';
import type { Invitation } from '../database/entities/invitation.ts';
import { Organization } from '../database/entities/organization.ts';
import { User } from '../database/entities/user.ts';
import type { Log } from '../log.ts';
import { createAllowance } from './allowance.ts';
import type { Caller } from './caller.ts';
import { person } from './caller.ts';
import type { NewInvitation } from './invitations.ts';
import { createInvitation, INVITATION_DAYS, renewInvitation } from './invitations.ts';
import { invitationLetter } from './letters.ts';
import type { Mailer } from './mail.ts';
import type { Work } from './work.ts';

/** `mailed`: the mail server has taken it; otherwise the link has to be handed over another way. */
export interface Sent {
  invitation: Invitation;
  mailed: boolean;
}

export interface Inviter {
  invite(work: Work, who: Caller | null, input: NewInvitation): Promise<Sent>;
  /** The same invitation once more, valid for another seven days. */
  resend(work: Work, who: Caller | null, id: string | null): Promise<Sent>;
}

export interface InviterOptions {
  /** Counts what was sent. */
  pool: Pool;
  mailer: Mailer | null;
  /** Where people find Relay, without a trailing slash. */
  address: () => string;
  log: Log;
}

const HOUR = 60 * 60;

export function createInviter({ pool, mailer, address, log }: InviterOptions): Inviter {
  // Whoever may invite can make Relay send mail to anybody, so neither they nor one mailbox may do without bound.
  const perPerson = createAllowance(pool, 'invite-by', 60, HOUR);
  const perMailbox = createAllowance(pool, 'invite-to', 10, HOUR);

  async function send(work: Work, invitation: Invitation): Promise<Sent> {
    if (!mailer) return { invitation, mailed: false };
    try {
      await perMailbox.spend(invitation.email);
      await mailer.send(invitation.email, invitationLetter(await factsOf(work, invitation, address())));
      return { invitation, mailed: true };
    } catch (error) {
      log.error({ err: error }, 'an invitation could not be mailed');
      return { invitation, mailed: false };
    }
  }

  return {
    async invite(work, who, input) {
      await perPerson.spend(person(who).userId);
      return send(work, await createInvitation(work, who, input));
    },
    async resend(work, who, id) {
      await perPerson.spend(person(who).userId);
      return send(work, await renewInvitation(work, who, id));
    },
  };
}

async function factsOf(work: Work, invitation: Invitation, address: string) {
  const organization = await work.em.findOneOrFail(Organization, invitation.organization.id);
  const inviter = await work.em.findOneOrFail(User, invitation.invitedBy.id);
  return {
    organization: organization.name,
    from: inviter.email,
    to: invitation.email,
    role: invitation.role,
    days: INVITATION_DAYS,
    url: `${address}/invitations/${invitation.id}`,
  };
}
