import type { EventFilter } from '../../domain/history.ts';
import { SEARCH_DAYS, SEARCH_MAX } from '../../domain/eventText.ts';
import { NOWHERE } from '../../domain/id.ts';
import type { SizeArgs } from '../builder.ts';
import { builder, sizeOf } from '../builder.ts';
import { rowId } from '../ids.ts';
import { EventRef } from '../refs.ts';

export const EventStatusEnum = builder.enumType('EventStatus', {
  description: 'Where an event stands.',
  values: {
    PENDING: { value: 'pending', description: 'Waiting for the agent, or being answered.' },
    DELIVERED: { value: 'delivered', description: 'Answered by the agent.' },
    FAILED: { value: 'failed', description: 'The agent sent an error or timed out, or the event expired.' },
    REJECTED: {
      value: 'rejected',
      description: 'The app may not reach this agent, or there is no such one.',
    },
  } as const,
});

/** A text is looked for in every event of its time: one document may ask for that a handful of times. */
const SEARCH_COST = 4_000;

export const EventFilterInput = builder.inputType('EventFilter', {
  description: 'Which events: those that meet all that is given.',
  fields: (t) => ({
    status: t.field({ type: [EventStatusEnum], description: 'In one of these statuses.' }),
    appId: t.id({ description: 'Sent by this app (global id).' }),
    agentId: t.id({ description: 'Addressed to this agent (global id).' }),
    threadId: t.string({ description: 'Exactly this thread, at most 512 characters.' }),
    code: t.string({ description: 'Ended with exactly this error code, such as AGENT_TIMEOUT.' }),
    text: t.string({
      description: `Part of the payload or the reply as raw JSON text, in any case; at most ${SEARCH_MAX} characters. In lists it needs \`from\`, at most ${SEARCH_DAYS} days before \`to\` or now, and costs ${SEARCH_COST}.`,
    }),
    from: t.field({ type: 'DateTime', description: 'Accepted at this time or later.' }),
    to: t.field({ type: 'DateTime', description: 'Accepted before this time.' }),
  }),
});

type Given = Omit<EventFilter, 'status'> & { status?: EventFilter['status'] };

/** An id that cannot be one matches nothing, as if it were a stranger's. */
export function filterOf(given: Given | null | undefined): EventFilter {
  const { appId, agentId } = given ?? {};
  return {
    ...given,
    appId: appId == null ? null : (rowId('App', appId) ?? NOWHERE),
    agentId: agentId == null ? null : (rowId('Agent', agentId) ?? NOWHERE),
  };
}

export function eventsCost(args: SizeArgs & { filter?: { text?: string | null } | null }) {
  return { field: args.filter?.text ? SEARCH_COST : 1, multiplier: sizeOf(args) };
}

const edge = builder.edgeObject({ type: EventRef, name: 'EventEdge', description: 'One event of a page.' });

/** One page type for the history of organisations, apps and agents alike. */
export const EventConnection = {
  node: EventRef,
  page: builder.connectionObject(
    { type: EventRef, name: 'EventConnection', description: 'A page of the history.' },
    edge,
  ),
};
