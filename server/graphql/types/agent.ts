import { allowlistPage } from '../../domain/allowlist.ts';
import { agentFor, orNull } from '../../domain/caller.ts';
import { eventPage } from '../../domain/history.ts';
import { statsOf } from '../../domain/stats.ts';
import { builder } from '../builder.ts';
import { rowId } from '../ids.ts';
import {
  ActivityRef,
  AgentRef,
  AppRef,
  ConnectionStatusRef,
  isEntity,
  OrganizationRef,
  StatsRef,
  TokenRef,
} from '../refs.ts';
import { EventConnection, EventFilterInput, eventsCost, filterOf } from './eventFilter.ts';
import { statsArgs } from './stats.ts';
import { ErrorCountRef, RejectionRef } from './trouble.ts';

builder.node(AgentRef, {
  description: 'An autonomous service that answers events.',
  id: { resolve: (agent) => agent.id },
  isTypeOf: isEntity('Agent'),
  fields: (t) => ({
    agentId: t.exposeString('slug', {
      description: 'The Agent ID: unique in the organisation, never changed.',
    }),
    name: t.exposeString('name', { description: 'Display name, 1 to 80 characters.' }),
    description: t.exposeString('description', { description: 'What it does, at most 2,000 characters.' }),
    active: t.boolean({
      description: 'Whether it may connect and is offered events.',
      resolve: (agent) => agent.deactivatedAt == null,
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was registered.' }),
    deactivatedAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When it was deactivated; null while active.',
      resolve: (agent) => agent.deactivatedAt ?? null,
    }),
    organization: t.field({
      type: OrganizationRef,
      description: 'The organisation it belongs to.',
      resolve: (agent, _args, { loaders }) => loaders.organization.load(agent.organization.id),
    }),
    timeoutSeconds: t.exposeInt('timeoutSeconds', {
      description: 'Longest silence about one event before it fails, seconds.',
    }),
    maxSeconds: t.exposeInt('maxSeconds', {
      description: 'Longest time for one event in all, from its first dispatch, seconds.',
    }),
    queueSeconds: t.exposeInt('queueSeconds', {
      description: 'How long an event waits while the agent is away, seconds.',
    }),
    maxInFlight: t.exposeInt('maxInFlight', {
      description: 'Events in flight on each connection, a number.',
    }),
    connection: t.field({
      type: ConnectionStatusRef,
      description: 'Whether it is connected.',
      resolve: async (agent, _args, { loaders }) => ({
        lastConnectedAt: agent.lastConnectedAt ?? null,
        instances: await loaders.instances.load(agent.id),
      }),
    }),
    tokens: t.field({
      type: [TokenRef],
      description: 'The newest ten tokens, newest first. At most two are valid.',
      resolve: (agent, _args, { loaders }) => loaders.agentTokens.load(agent.id),
    }),
    events: t.connection(
      {
        type: EventConnection.node,
        description: 'The events addressed to it, newest first.',
        args: { filter: t.arg({ type: EventFilterInput, description: 'Which events.' }) },
        complexity: eventsCost,
        resolve: (agent, { filter, ...args }, { work }) => {
          const scope = { organizationId: agent.organization.id, agentId: agent.id };
          return eventPage(work, scope, filterOf(filter), args);
        },
      },
      EventConnection.page,
    ),
    allowlist: t.connection({
      type: AppRef,
      description: 'The apps that may reach it, by App ID; empty: every app of the organisation.',
      args: {
        search: t.arg.string({ description: 'Part of the name or App ID, at most 100 characters.' }),
      },
      resolve: (agent, args, { work }) => allowlistPage(work, agent, args),
    }),
    restricted: t.boolean({
      description: 'Whether only the apps of the allowlist may reach it: true when it has an entry.',
      resolve: (agent, _args, { loaders }) => loaders.restricted.load(agent.id),
    }),
    pendingCount: t.int({
      description: 'Events waiting or in flight, counted to at most 1,000.',
      resolve: (agent, _args, { loaders }) => loaders.pending.load(agent.id),
    }),
    inFlightCount: t.int({
      nullable: true,
      description:
        'Events handed to it and not answered yet, a part of pendingCount; null where only another node knows.',
      resolve: async (agent, _args, { loaders, parts }) =>
        (await loaders.pending.load(agent.id)) === 0 ? 0 : parts.broker.inFlight(agent.id),
    }),
    errors: t.field({
      type: [ErrorCountRef],
      description:
        'How its events of the last 24 hours failed or were rejected, the most frequent code first; among the newest 10,000 of the organisation that did.',
      resolve: async (agent, _args, { loaders }) => (await loaders.trouble.load(agent.id)).errors,
    }),
    rejections: t.field({
      type: [RejectionRef],
      description:
        'Whose events to it were rejected in the last 24 hours, counted like `errors`; at most 20.',
      resolve: async (agent, _args, { loaders }) => (await loaders.trouble.load(agent.id)).rejections,
    }),
    activity: t.field({
      type: ActivityRef,
      description: 'Its last 24 hours in brief, for lists: `stats` has more.',
      resolve: (agent, _args, { loaders }) => loaders.agentActivity.load(agent.id),
    }),
    stats: t.field({
      type: StatsRef,
      description: 'How events addressed to it ended and how long answers took.',
      args: statsArgs(t),
      resolve: (agent, { range }, { work }) => {
        const scope = { organizationId: agent.organization.id, agentId: agent.id };
        return statsOf(work.reader, scope, range, work.clock.now());
      },
    }),
  }),
});

builder.queryField('agent', (t) =>
  t.field({
    type: AgentRef,
    nullable: true,
    description: "The agent with this id; null when there is none or it is another organisation's.",
    args: { id: t.arg.id({ required: true, description: 'Its global id.' }) },
    resolve: (_root, { id }, { work, caller }) => orNull(agentFor(work, caller, rowId('Agent', id), 'read')),
  }),
);
