import type { Invitation } from '../../database/entities/invitation.ts';
import { acceptInvitation, invitationState, revokeInvitation } from '../../domain/invitations.ts';
import type { Sent } from '../../domain/inviter.ts';
import { NotFoundError, RateLimitedError } from '../../errors.ts';
import type { Types } from '../builder.ts';
import { builder } from '../builder.ts';
import { rowId } from '../ids.ts';
import { mutation } from '../mutation.ts';
import { InvitationRef, isEntity, MembershipRef } from '../refs.ts';
import { RoleEnum } from './member.ts';

const StateEnum = builder.enumType('InvitationState', {
  description: 'What has become of an invitation.',
  values: {
    PENDING: { value: 'pending', description: 'It can be accepted.' },
    EXPIRED: { value: 'expired', description: 'Its seven days are over; sending it again makes it valid.' },
    ACCEPTED: { value: 'accepted', description: 'The person is, or was, a member.' },
    REVOKED: { value: 'revoked', description: 'It was taken back.' },
  } as const,
});

builder.node(InvitationRef, {
  description:
    'Somebody is asked to join an organisation. Its id is no secret: accepting takes a sign-in with the address.',
  id: { resolve: (invitation) => invitation.id },
  isTypeOf: isEntity('Invitation'),
  fields: (t) => ({
    email: t.exposeString('email', { description: 'Who is invited, in lower case.' }),
    role: t.field({ type: RoleEnum, description: 'The role they will have.', resolve: ({ role }) => role }),
    state: t.field({
      type: StateEnum,
      description: 'What has become of it.',
      resolve: (invitation, _args, { work }) => invitationState(invitation, work.clock.now()),
    }),
    // Only names: whoever is invited is not a member yet and may see nothing else.
    organizationName: t.string({
      description: "The organisation's name.",
      resolve: async (invitation, _args, { loaders }) =>
        (await loaders.organization.load(invitation.organization.id)).name,
    }),
    path: t.string({
      description: "The dashboard's page to accept it, to be put behind the address of this Relay.",
      resolve: (invitation) => `/invitations/${invitation.id}`,
    }),
    invitedBy: t.string({
      description: 'The address of whoever invited.',
      resolve: async (invitation, _args, { loaders }) =>
        (await loaders.user.load(invitation.invitedBy.id)).email,
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was made.' }),
    expiresAt: t.expose('expiresAt', { type: 'DateTime', description: 'Until when it can be accepted.' }),
  }),
});

type InputBuilder = PothosSchemaTypes.InputFieldBuilder<Types, 'InputObject'>;

const idInput = (t: InputBuilder) => ({
  id: t.id({ required: true, description: "The invitation's global id." }),
});
const invitationField = (t: PothosSchemaTypes.ObjectFieldBuilder<Types, { invitation: Invitation }>) => ({
  invitation: t.field({
    type: InvitationRef,
    description: 'The invitation as it is now.',
    resolve: ({ invitation }) => invitation,
  }),
});
const sentFields = (t: PothosSchemaTypes.ObjectFieldBuilder<Types, Sent>) => ({
  ...invitationField(t),
  mailed: t.exposeBoolean('mailed', {
    description: 'Whether the mail server has taken it; if not, hand over the link another way.',
  }),
});

mutation('inviteMember', {
  description: 'Invites an address by e-mail; the invitation is valid for 7 days. Owners only, signed in.',
  input: (t) => ({
    organizationId: t.id({ required: true, description: "The organisation's global id." }),
    email: t.string({ required: true, description: 'Whom to invite.' }),
    role: t.field({ type: RoleEnum, required: true, description: 'The role they will have.' }),
  }),
  errors: [NotFoundError, RateLimitedError],
  resolve: ({ organizationId, ...input }, { work, caller, parts }) =>
    parts.inviter.invite(work, caller, { ...input, organizationId: rowId('Organization', organizationId) }),
  success: sentFields,
});

mutation('resendInvitation', {
  description:
    'Sends an invitation once more and makes it valid for 7 days from now. Owners only, signed in.',
  input: idInput,
  errors: [NotFoundError, RateLimitedError],
  resolve: ({ id }, { work, caller, parts }) => parts.inviter.resend(work, caller, rowId('Invitation', id)),
  success: sentFields,
});

mutation('revokeInvitation', {
  description: 'Takes an invitation back: it can no longer be accepted. Owners only, signed in.',
  input: idInput,
  errors: [NotFoundError],
  resolve: async ({ id }, { work, caller }) => ({
    invitation: await revokeInvitation(work, caller, rowId('Invitation', id)),
  }),
  success: invitationField,
});

mutation('acceptInvitation', {
  description:
    "Makes the caller a member, by an invitation to the caller's own address. Anybody else's is not found.",
  input: idInput,
  errors: [NotFoundError],
  resolve: async ({ id }, context) => {
    const { work, caller } = context;
    const membership = await acceptInvitation(work, caller, rowId('Invitation', id));
    const [organization, role] = [membership.organization.id, membership.role];
    // The rest of this operation already sees it.
    if (caller) context.caller = { ...caller, roles: new Map([...caller.roles, [organization, role]]) };
    return { membership };
  },
  success: (t) => ({
    membership: t.field({
      type: MembershipRef,
      description: 'The new membership.',
      resolve: ({ membership }) => membership,
    }),
  }),
});
