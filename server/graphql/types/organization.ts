import { attentionOf } from '../../domain/attention.ts';
import { agentPage, appPage } from '../../domain/directory.ts';
import { apiKeyPage } from '../../domain/apiKeys.ts';
import { createOrganization, organizationBySlug, updateOrganization } from '../../domain/organizations.ts';
import { SlugTakenError } from '../../domain/conflicts.ts';
import { eventPage } from '../../domain/history.ts';
import { auditPage } from '../../domain/auditLog.ts';
import { invitationPage } from '../../domain/invitations.ts';
import { memberPage } from '../../domain/members.ts';
import { statsOf } from '../../domain/stats.ts';
import { NotFoundError } from '../../errors.ts';
import { builder } from '../builder.ts';
import { rowId } from '../ids.ts';
import { mutation } from '../mutation.ts';
import {
  AgentRef,
  ApiKeyRef,
  AppRef,
  AuditEntryRef,
  InvitationRef,
  isEntity,
  MembershipRef,
  OrganizationRef,
  StatsRef,
} from '../refs.ts';
import { AttentionRef } from './attention.ts';
import { AuditFilterInput } from './audit.ts';
import { EventConnection, EventFilterInput, eventsCost, filterOf } from './eventFilter.ts';
import { RoleEnum } from './member.ts';
import { statsArgs } from './stats.ts';

builder.node(OrganizationRef, {
  description: 'A tenant: its apps, agents, events and members are its own and nobody else sees them.',
  id: { resolve: (organization) => organization.id },
  isTypeOf: isEntity('Organization'),
  fields: (t) => ({
    name: t.exposeString('name', { description: 'Display name, 1 to 80 characters.' }),
    slug: t.exposeString('slug', {
      description: 'The name in addresses and API keys, unique, never changed.',
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was created.' }),
    viewerRole: t.field({
      type: RoleEnum,
      description: "The caller's role here.",
      resolve: (organization, _args, { caller }) => caller?.roles.get(organization.id) ?? 'member',
    }),
    apps: t.connection({
      type: AppRef,
      description: 'The apps, by their App ID.',
      args: {
        search: t.arg.string({ description: 'Part of the name or App ID, at most 100 characters.' }),
        active: t.arg.boolean({ description: 'Only active (true) or only deactivated (false) ones.' }),
      },
      resolve: (organization, args, { work }) => appPage(work, organization.id, args),
    }),
    agents: t.connection({
      type: AgentRef,
      description: 'The agents, by their Agent ID.',
      args: {
        search: t.arg.string({ description: 'Part of the name or Agent ID, at most 100 characters.' }),
        active: t.arg.boolean({ description: 'Only active (true) or only deactivated (false) ones.' }),
      },
      resolve: (organization, args, { work }) => agentPage(work, organization.id, args),
    }),
    events: t.connection(
      {
        type: EventConnection.node,
        description: 'The history, newest first.',
        args: { filter: t.arg({ type: EventFilterInput, description: 'Which events.' }) },
        complexity: eventsCost,
        resolve: (organization, { filter, ...args }, { work }) =>
          eventPage(work, { organizationId: organization.id }, filterOf(filter), args),
      },
      EventConnection.page,
    ),
    members: t.connection({
      type: MembershipRef,
      description: 'The members, by their address.',
      resolve: (organization, args, { work }) => memberPage(work, organization.id, args),
    }),
    invitations: t.connection({
      type: InvitationRef,
      description:
        'The invitations that were neither accepted nor revoked, by address; expired ones included.',
      resolve: (organization, args, { work }) => invitationPage(work, organization.id, args),
    }),
    auditLog: t.connection({
      type: AuditEntryRef,
      description: 'Who changed what, newest first.',
      args: { filter: t.arg({ type: AuditFilterInput, description: 'Which entries.' }) },
      resolve: (organization, { filter, ...args }, { work }) =>
        auditPage(work, organization.id, filter ?? {}, args),
    }),
    apiKeys: t.connection({
      type: ApiKeyRef,
      description: 'The API keys, newest first, expired and revoked ones included.',
      resolve: (organization, args, { work }) => apiKeyPage(work, organization.id, args),
    }),
    attention: t.field({
      type: [AttentionRef],
      description: 'What somebody should look at, the most pressing first; at most 20 of each kind.',
      resolve: (organization, _args, { work }) => attentionOf(work, organization.id),
    }),
    stats: t.field({
      type: StatsRef,
      description: 'How events ended and how long answers took.',
      args: {
        ...statsArgs(t),
        appId: t.arg.id({ description: 'Only events of this app (global id).' }),
        agentId: t.arg.id({ description: 'Only events of this agent (global id).' }),
      },
      resolve: (organization, { range, ...args }, { work }) => {
        const { appId, agentId } = filterOf(args);
        return statsOf(
          work.reader,
          { organizationId: organization.id, appId, agentId },
          range,
          work.clock.now(),
        );
      },
    }),
  }),
});

builder.queryField('organization', (t) =>
  t.field({
    type: OrganizationRef,
    nullable: true,
    description: 'The organisation with this slug; null when there is none or the caller is not a member.',
    args: { slug: t.arg.string({ required: true, description: 'Its slug.' }) },
    resolve: (_root, { slug }, { work, caller }) => organizationBySlug(work, caller, slug),
  }),
);

mutation('createOrganization', {
  description: 'Creates an organisation that the caller owns. People only, not API keys.',
  input: (t) => ({
    name: t.string({ required: true, description: 'Display name, 1 to 80 characters.' }),
    slug: t.string({ description: 'Its slug; made from the name when absent. Cannot be changed later.' }),
  }),
  errors: [SlugTakenError],
  resolve: async (input, context) => {
    const { work, caller, parts } = context;
    const organization = await createOrganization(work, caller, parts.signup, input);
    // The rest of this operation already sees it.
    if (caller) context.caller = { ...caller, roles: new Map([...caller.roles, [organization.id, 'owner']]) };
    return { organization };
  },
  success: (t) => ({
    organization: t.field({
      type: OrganizationRef,
      description: 'The new organisation.',
      resolve: ({ organization }) => organization,
    }),
  }),
});

mutation('updateOrganization', {
  description: 'Renames an organisation. Owners only.',
  input: (t) => ({
    id: t.id({ required: true, description: "The organisation's global id." }),
    name: t.string({ required: true, description: 'Display name, 1 to 80 characters.' }),
  }),
  errors: [NotFoundError],
  resolve: async ({ id, name }, { work, caller }) => ({
    organization: await updateOrganization(work, caller, rowId('Organization', id), name),
  }),
  success: (t) => ({
    organization: t.field({
      type: OrganizationRef,
      description: 'The organisation as it is now.',
      resolve: ({ organization }) => organization,
    }),
  }),
});
