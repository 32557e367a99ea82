import { RESENDS_SHOWN, eventFor } from '../../domain/history.ts';
import { orNull } from '../../domain/caller.ts';
import { appSessionKey } from '../../domain/eventForm.ts';
import type { EventRow } from '../../domain/eventRow.ts';
import { timelineOf } from '../../domain/timeline.ts';
import { builder } from '../builder.ts';
import type { Context } from '../context.ts';
import { eventId } from '../ids.ts';
import { AgentRef, AppRef, EventRef } from '../refs.ts';
import { EventStatusEnum } from './eventFilter.ts';
import { EventError, TimelineEntry } from './timeline.ts';

const EventOriginEnum = builder.enumType('EventOrigin', {
  description: 'Where an event came from.',
  values: {
    APP: { value: 'app', description: "One of the app's connections." },
    DASHBOARD: { value: 'dashboard', description: 'A person or script, with sendTestEvent or resendEvent.' },
  } as const,
});

/** Bodies are read when asked for, all of a list in one query: most lists show none. */
async function body(event: EventRow, { loaders }: Context) {
  const found = await loaders.body.load(event.id);
  if (!found) throw new Error(`event ${event.id} has no body`);
  return found;
}

/** Bodies are large; a list of them must cost accordingly. */
const BODY_COST = 10;

builder.node(EventRef, {
  description: 'One message of an app to an agent, and what became of it.',
  id: { resolve: (event) => event.id },
  isTypeOf: (value) => typeof value === 'object' && value !== null && 'payloadBytes' in value,
  fields: (t) => ({
    eventId: t.exposeString('id', {
      description: 'The id apps and agents know it by, `evt_…`, time-ordered.',
    }),
    status: t.field({
      type: EventStatusEnum,
      description: 'Where it stands.',
      resolve: ({ status }) => status,
    }),
    origin: t.field({
      type: EventOriginEnum,
      description: 'Where it came from.',
      resolve: ({ origin }) => origin,
    }),
    app: t.field({
      type: AppRef,
      description: 'The app that sent it, or in whose name it was sent.',
      resolve: (event, _args, { loaders }) => loaders.app.load(event.appId),
    }),
    agent: t.field({
      type: AgentRef,
      nullable: true,
      description: 'The agent it was addressed to; null when there is no such agent.',
      resolve: (event, _args, { loaders }) => (event.agentId ? loaders.agent.load(event.agentId) : null),
    }),
    agentId: t.exposeString('agentSlug', { description: 'The Agent ID as the app addressed it.' }),
    threadId: t.exposeString('threadId', { description: 'The thread, 1 to 512 characters.' }),
    sessionKey: t.string({
      description: 'The conversation it belongs to: `relay:{agent}:{app}:{thread}`.',
      resolve: ({ agentSlug, appSlug, threadId }) => appSessionKey(agentSlug, appSlug, threadId),
    }),
    payload: t.string({
      nullable: true,
      description:
        'The payload as raw JSON text, byte for byte as sent; null when it was deleted. Costly in lists.',
      complexity: BODY_COST,
      resolve: async (event, _args, context) => (await body(event, context)).payload,
    }),
    payloadBytes: t.exposeInt('payloadBytes', { description: 'The length of the payload, bytes in UTF-8.' }),
    reply: t.string({
      nullable: true,
      description:
        "The agent's answer as raw JSON text: a JSON string literal, as sent. Null until answered. Costly in lists.",
      complexity: BODY_COST,
      resolve: async (event, _args, context) => (await body(event, context)).reply,
    }),
    replyMetadata: t.string({
      nullable: true,
      description:
        "The answer's metadata as raw JSON text, as sent; null when there is none. Costly in lists.",
      complexity: BODY_COST,
      resolve: async (event, _args, context) => (await body(event, context)).replyMetadata,
    }),
    error: t.field({
      type: EventError,
      nullable: true,
      description: 'Why it failed or was rejected; null otherwise.',
      resolve: ({ errorCode, errorText }) => (errorCode ? { code: errorCode, text: errorText } : null),
    }),
    contentDeletedAt: t.expose('contentDeletedAt', {
      type: 'DateTime',
      nullable: true,
      description:
        'When payload, answer and error text were deleted, or ordered to be; null while they are there.',
    }),
    latencyMs: t.exposeInt('latencyMs', {
      nullable: true,
      description:
        'From the commit of acceptance to the commit of the reply, milliseconds; delivered events only.',
    }),
    attempts: t.int({
      description: 'How often it was handed to the agent, a number.',
      resolve: (event, _args, context) => present(event, context).attempts,
    }),
    acceptedAt: t.expose('acceptedAt', { type: 'DateTime', description: 'When it was accepted.' }),
    settledAt: t.expose('settledAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When its final status was recorded; null while pending.',
    }),
    handOver: t.exposeBoolean('handOver', {
      description:
        "Whether the app's connections get the outcome. False for what was answered on the spot (rejected, or failed as it came) and for most of what the dashboard sends.",
    }),
    handedOverAt: t.expose('handedOverAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When the app confirmed the outcome; null: not yet, or never to be.',
    }),
    timeline: t.field({
      type: [TimelineEntry],
      description: 'Every step, oldest first.',
      resolve: async (event, _args, context) =>
        timelineOf(present(event, context), await context.loaders.steps.load(event.id)),
    }),
    resendOf: t.field({
      type: EventRef,
      nullable: true,
      description: 'The event this one sends again; null for others, and when that one has left the history.',
      resolve: (event, _args, { loaders }) => (event.resendOf ? loaders.event.load(event.resendOf) : null),
    }),
    resends: t.field({
      type: [EventRef],
      description: `The events that send this one again, newest first; at most ${RESENDS_SHOWN}.`,
      resolve: async (event, _args, { loaders }) => (await loaders.resends.load(event.id)).shown,
    }),
    hasMoreResends: t.boolean({
      description: 'Whether it was sent again more often than `resends` tells.',
      resolve: async (event, _args, { loaders }) => (await loaders.resends.load(event.id)).more,
    }),
  }),
});

/** A pending event with what is known of its attempt under way, which is recorded with the outcome only. */
function present(event: EventRow, { parts }: Context): EventRow {
  if (event.status !== 'pending' || event.agentId === null) return event;
  const progress = parts.broker.progress(event.agentId, event.id);
  if (!progress) return event;
  const { attempt: attempts, connectionId } = progress;
  return {
    ...event,
    attempts,
    connectionId,
    dispatchedAt: date(progress.dispatchedAt),
    firstTokenAt: date(progress.firstTokenAt),
  };
}

function date(ms: number | null): Date | null {
  return ms === null ? null : new Date(ms);
}

builder.queryField('event', (t) =>
  t.field({
    type: EventRef,
    nullable: true,
    description: "The event with this id; null when there is none or it is another organisation's.",
    args: { id: t.arg.id({ required: true, description: 'Its global id, or its `evt_…` id.' }) },
    resolve: (_root, { id }, { work, caller }) => orNull(eventFor(work, caller, eventId(id), 'read')),
  }),
);
