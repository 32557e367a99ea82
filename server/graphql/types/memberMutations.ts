import { changeRole, LastOwnerError, leaveOrganization, removeMember } from '../../domain/members.ts';
import { NotFoundError } from '../../errors.ts';
import { globalId, rowId } from '../ids.ts';
import { mutation } from '../mutation.ts';
import { MembershipRef } from '../refs.ts';
import { RoleEnum } from './member.ts';

mutation('changeRole', {
  description:
    "Makes a member an owner, or the reverse. The person's subscriptions end, to begin again with the new rights; the open " +
    'invitations of an owner who becomes a member are revoked. Owners only, signed in.',
  input: (t) => ({
    id: t.id({ required: true, description: "The membership's global id." }),
    role: t.field({ type: RoleEnum, required: true, description: 'The new role.' }),
  }),
  errors: [NotFoundError, LastOwnerError],
  resolve: async ({ id, role }, { work, caller }) => ({
    membership: await changeRole(work, caller, rowId('Membership', id), role),
  }),
  success: (t) => ({
    membership: t.field({
      type: MembershipRef,
      description: 'The membership as it is now.',
      resolve: ({ membership }) => membership,
    }),
  }),
});

mutation('removeMember', {
  description:
    'Ends a membership, the API keys the person made here, the invitations they sent, and all their subscriptions. ' +
    'Owners only, signed in.',
  input: (t) => ({ id: t.id({ required: true, description: "The membership's global id." }) }),
  errors: [NotFoundError, LastOwnerError],
  resolve: async ({ id }, { work, caller }) => ({
    id: globalId('Membership', await removeMember(work, caller, rowId('Membership', id))),
  }),
  success: (t) => ({
    id: t.exposeID('id', { description: 'The global id of the membership that has ended.' }),
  }),
});

mutation('leaveOrganization', {
  description:
    "Ends the caller's own membership, the API keys they made here and the invitations they sent. People only, not API keys.",
  input: (t) => ({ organizationId: t.id({ required: true, description: "The organisation's global id." }) }),
  errors: [NotFoundError, LastOwnerError],
  resolve: async ({ organizationId }, context) => {
    const { work, caller } = context;
    const left = await leaveOrganization(work, caller, rowId('Organization', organizationId));
    if (caller)
      context.caller = { ...caller, roles: new Map([...caller.roles].filter(([id]) => id !== left)) };
    return { organizationId: globalId('Organization', left) };
  },
  success: (t) => ({
    organizationId: t.exposeID('organizationId', {
      description: 'The global id of the organisation that was left.',
    }),
  }),
});
