import { isRetryable } from '../../domain/codes.ts';
import type { TimelineEntry as Entry } from '../../domain/timeline.ts';
import { builder } from '../builder.ts';

export const EventError = builder.objectRef<{ code: string; text: string | null }>('EventError').implement({
  description: 'Why an event failed or was rejected.',
  fields: (t) => ({
    code: t.exposeString('code', {
      description:
        'The stable code, such as AGENT_TIMEOUT; an agent may send its own, which is AGENT_ERROR once the content was deleted.',
    }),
    message: t.string({ description: 'In words for people.', resolve: ({ code, text }) => text ?? code }),
    retryable: t.boolean({
      description: 'Whether sending it again may help.',
      resolve: ({ code }) => isRetryable(code),
    }),
  }),
});

const TimelineKindEnum = builder.enumType('TimelineKind', {
  description: "A step of an event's way.",
  values: {
    ACCEPTED: { value: 'accepted', description: 'Recorded; the app was told so.' },
    DISPATCHED: { value: 'dispatched', description: 'Handed to a connection of the agent.' },
    FIRST_TOKEN: { value: 'first_token', description: 'The first fragment of the answer arrived.' },
    REPLIED: { value: 'replied', description: 'The whole answer was recorded.' },
    FAILED: { value: 'failed', description: 'It failed; the detail says why.' },
    REJECTED: { value: 'rejected', description: 'It was rejected; the detail says why.' },
    HANDED_OVER: { value: 'handed_over', description: 'The app confirmed the outcome.' },
    CONNECTION_LOST: {
      value: 'connection_lost',
      description: "The agent's connection ended before its answer.",
    },
    DUPLICATE_OUTCOME: {
      value: 'duplicate_outcome',
      description: 'The agent answered again; the first answer stands.',
    },
    STALE_OUTCOME: { value: 'stale_outcome', description: 'The agent answered after the event had ended.' },
    TIMED_OUT: { value: 'timed_out', description: 'The agent was silent for too long.' },
  } as const,
});

export const TimelineEntry = builder.objectRef<Entry>('TimelineEntry').implement({
  description: "One step of an event's way.",
  fields: (t) => ({
    kind: t.field({ type: TimelineKindEnum, description: 'Which step.', resolve: ({ kind }) => kind }),
    at: t.expose('at', { type: 'DateTime', description: 'When.' }),
    attempt: t.exposeInt('attempt', { nullable: true, description: 'Of which attempt, counted from 1.' }),
    connectionId: t.exposeString('connectionId', {
      nullable: true,
      description: 'On which connection of the agent.',
    }),
    detail: t.exposeString('detail', { nullable: true, description: 'More, in words for people.' }),
  }),
});
