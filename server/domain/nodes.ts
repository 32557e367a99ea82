import { ApiKey } from '../database/entities/apiKey.ts';
import { AuditEntry } from '../database/entities/audit.ts';
import { Invitation } from '../database/entities/invitation.ts';
import { Membership } from '../database/entities/membership.ts';
import { User } from '../database/entities/user.ts';
import type { Caller } from './caller.ts';
import { agentFor, appFor, organizationFor, orNull, signedIn } from './caller.ts';
import { eventFor } from './history.ts';
import { isRowId } from './id.ts';
import { invitationsFor } from './invitations.ts';
import { sessionsOf } from './sessions.ts';
import type { Work } from './work.ts';

type Find = (work: Work, caller: Caller, id: string) => Promise<object | null>;

const orgIds = (caller: Caller) => [...caller.roles.keys()];

const finders: Record<string, Find> = {
  Organization: (work, caller, id) => orNull(organizationFor(work, caller, id, 'read')),
  App: (work, caller, id) => orNull(appFor(work, caller, id, 'read')),
  Agent: (work, caller, id) => orNull(agentFor(work, caller, id, 'read')),
  ApiKey: (work, caller, id) => work.em.findOne(ApiKey, { id, organization: { $in: orgIds(caller) } }),
  Membership: (work, caller, id) =>
    work.em.findOne(Membership, { id, organization: { $in: orgIds(caller) } }),
  Invitation: async (work, caller, id) => {
    const own = await invitationsFor(work, caller);
    const mine = own.find((invitation) => invitation.id === id);
    return mine ?? work.em.findOne(Invitation, { id, organization: { $in: orgIds(caller) } });
  },
  AuditEntry: (work, caller, id) =>
    work.em.findOne(AuditEntry, { id, organizationId: { $in: orgIds(caller) } }),
  Session: async (work, caller, id) => {
    const own = await sessionsOf(work, caller);
    return own.find((session) => session.id === id) ?? null;
  },
  User: async (work, caller, id) => {
    const colleague = await work.em.findOne(Membership, { user: id, organization: { $in: orgIds(caller) } });
    return colleague || id === caller.userId ? work.em.findOne(User, id) : null;
  },
};

/** Anything the caller may see by type and id: null when it is absent, another organisation's, or no such type. */
export async function nodeFor(
  work: Work,
  caller: Caller | null,
  type: string,
  id: string,
): Promise<object | null> {
  const someone = signedIn(caller);
  if (type === 'Event') return orNull(eventFor(work, someone, id, 'read'));
  const find = Object.hasOwn(finders, type) ? finders[type] : undefined;
  return find && isRowId(id) ? find(work, someone, id) : null;
}
