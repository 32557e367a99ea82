import { invitationsFor } from '../../domain/invitations.ts';
import { membershipsOf } from '../../domain/members.ts';
import { sessionsOf } from '../../domain/sessions.ts';
import { mayCreateOrganization, signupState } from '../../domain/signup.ts';
import { ApiKey } from '../../database/entities/apiKey.ts';
import { builder } from '../builder.ts';
import {
  ApiKeyRef,
  InvitationRef,
  isEntity,
  MembershipRef,
  OrganizationRef,
  SessionRef,
  UserRef,
  ViewerRef,
} from '../refs.ts';

builder.node(UserRef, {
  description: 'A person who signs in to the dashboard.',
  id: { resolve: (user) => user.id },
  isTypeOf: isEntity('User'),
  fields: (t) => ({
    email: t.exposeString('email', { description: 'The address, in lower case.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When the person first signed in.' }),
  }),
});

ViewerRef.implement({
  description: 'Whoever is asking: a person in a browser, or a script with an API key.',
  fields: (t) => ({
    user: t.field({
      type: UserRef,
      nullable: true,
      description: 'The person; null for an API key.',
      resolve: (caller, _args, { loaders }) => (caller.apiKeyId ? null : loaders.user.load(caller.userId)),
    }),
    apiKey: t.field({
      type: ApiKeyRef,
      nullable: true,
      description: 'The API key; null for a person.',
      resolve: (caller, _args, { work }) =>
        caller.apiKeyId ? work.em.findOneOrFail(ApiKey, caller.apiKeyId) : null,
    }),
    memberships: t.field({
      type: [MembershipRef],
      description: 'The organisations the caller belongs to with its role, by slug. An API key has one.',
      resolve: (caller, _args, { work }) => membershipsOf(work, caller),
    }),
    organizations: t.field({
      type: [OrganizationRef],
      description: 'The organisations the caller belongs to, by slug. An API key has one.',
      resolve: async (caller, _args, { work }) =>
        (await membershipsOf(work, caller)).map((membership) => membership.organization),
    }),
    invitations: t.field({
      type: [InvitationRef],
      description: "The invitations to the caller's address that can be accepted. None for an API key.",
      resolve: (caller, _args, { work }) => invitationsFor(work, caller),
    }),
    sessions: t.field({
      type: [SessionRef],
      description: 'The browsers the caller is signed in with, the last used first. None for an API key.',
      resolve: (caller, _args, { work }) => sessionsOf(work, caller),
    }),
    canCreateOrganization: t.boolean({
      description: 'Whether `createOrganization` is open to the caller.',
      resolve: (caller, _args, { work, parts }) => mayCreateOrganization(work.em, parts.signup, caller),
    }),
  }),
});

const SignupState = builder.objectRef<{ open: boolean; firstRun: boolean }>('SignupState').implement({
  description: 'How people get into this Relay.',
  fields: (t) => ({
    open: t.exposeBoolean('open', { description: 'Whether an unknown address may sign in.' }),
    firstRun: t.exposeBoolean('firstRun', { description: 'Whether there is no organisation yet.' }),
  }),
});

builder.queryFields((t) => ({
  viewer: t.field({
    type: ViewerRef,
    nullable: true,
    description: 'Whoever is asking; null when not signed in.',
    resolve: (_root, _args, { caller }) => caller,
  }),
  signup: t.field({
    type: SignupState,
    description: 'What the sign-in page needs to know; needs no sign-in.',
    resolve: (_root, _args, { work, parts }) => signupState(work.em, parts.signup),
  }),
}));
