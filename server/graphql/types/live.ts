import type { Agent } from '../../database/entities/agent.ts';
import type { App } from '../../database/entities/app.ts';
import { appFor, organizationFor } from '../../domain/caller.ts';
import { eventFor, historyCursor } from '../../domain/history.ts';
import { builder } from '../builder.ts';
import { eventId, rowId } from '../ids.ts';
import { watchApp, watchConnections } from '../live/connections.ts';
import type { EventChange as Change } from '../live/events.ts';
import { watchEvents } from '../live/events.ts';
import type { EventProgress as Progress } from '../live/progress.ts';
import { watchProgress } from '../live/progress.ts';
import { AppRef, EventRef } from '../refs.ts';
import { Connectable } from './connectable.ts';
import { EventFilterInput, filterOf } from './eventFilter.ts';

const ConnectionChange = builder.objectRef<{ subject: App | Agent }>('ConnectionChange').implement({
  description: 'An app or agent whose connection, tokens or settings may have changed.',
  fields: (t) => ({
    subject: t.field({
      type: Connectable,
      description: 'It, as it is now.',
      resolve: ({ subject }) => subject,
    }),
  }),
});

const EventChange = builder.objectRef<Change>('EventChange').implement({
  description: 'An event that is new or has changed.',
  fields: (t) => ({
    ready: t.exposeBoolean('ready', {
      description: 'True from the first message on, which has no event: nothing is missed after it.',
    }),
    event: t.expose('event', {
      type: EventRef,
      nullable: true,
      description:
        'The event as it is now. Null in the first message, and in another when the contents of all that an app has sent were ordered to be deleted: read anew what you show.',
    }),
    cursor: t.string({
      nullable: true,
      description:
        'Its position in the history, for `after` and `before`; null in a message without an event.',
      resolve: ({ event }, _args, { work }) => event && historyCursor(work, event),
    }),
    left: t.exposeBoolean('left', {
      description: 'Whether it no longer meets the filter; told once, then nothing more of it.',
    }),
  }),
});

const EventProgress = builder.objectRef<Progress>('EventProgress').implement({
  description: 'An answer on its way.',
  fields: (t) => ({
    event: t.expose('event', { type: EventRef, description: 'The event.' }),
    text: t.exposeString('text', {
      description:
        'What has streamed of the present attempt, at most its first 262,144 UTF-16 units; empty once the content was deleted. Costly: prefer `append`.',
    }),
    append: t.exposeString('append', {
      description: 'What is new since the last message; in the first one, all so far.',
    }),
    attempt: t.exposeInt('attempt', { description: 'Which attempt, counted from 1; 0 before the first.' }),
    restart: t.exposeBoolean('restart', {
      description:
        'Whether to drop what came before and begin with `append`: another attempt began, or the content was deleted.',
    }),
    done: t.exposeBoolean('done', {
      description: 'Whether the event has ended: this is the last message, and the event has the outcome.',
    }),
  }),
});

builder.subscriptionFields((t) => ({
  appConnectionChanged: t.field({
    type: AppRef,
    description: 'One app: as it is, then whenever its connection, tokens or settings change.',
    args: { appId: t.arg.id({ required: true, description: "The app's global id." }) },
    subscribe: async (_root, { appId }, context) =>
      watchApp(context, await appFor(context.work, context.caller, rowId('App', appId), 'read')),
    resolve: (app) => app,
  }),
  connectionChanged: t.field({
    type: ConnectionChange,
    description:
      'Each app and agent of an organisation as it is, one by one, then those whose connection, tokens or settings change. A burst about one is told once.',
    args: { organizationId: t.arg.id({ required: true, description: "The organisation's global id." }) },
    subscribe: async (_root, { organizationId }, context) => {
      const id = rowId('Organization', organizationId);
      const organization = await organizationFor(context.work, context.caller, id, 'read');
      return watchConnections(context, organization.id);
    },
    resolve: (subject) => ({ subject }),
  }),
  eventChanged: t.field({
    type: EventChange,
    description:
      'A message without an event once it is watching, then each event that is new, changes, or leaves the filter.',
    args: {
      organizationId: t.arg.id({ required: true, description: "The organisation's global id." }),
      filter: t.arg({ type: EventFilterInput, description: 'Which events.' }),
    },
    subscribe: async (_root, { organizationId, filter }, context) => {
      const id = rowId('Organization', organizationId);
      const organization = await organizationFor(context.work, context.caller, id, 'read');
      return watchEvents(context, organization.id, filterOf(filter));
    },
    resolve: (change) => change,
  }),
  eventProgress: t.field({
    type: EventProgress,
    description:
      'One event token by token: what has streamed so far, then what is new, until the event has ended.',
    args: { eventId: t.arg.id({ required: true, description: "The event's global id, or its `evt_…` id." }) },
    subscribe: async (_root, args, context) =>
      watchProgress(context, await eventFor(context.work, context.caller, eventId(args.eventId), 'read')),
    resolve: (progress) => progress,
  }),
}));
