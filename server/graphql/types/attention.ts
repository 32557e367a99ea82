import type { Attention } from '../../domain/attention.ts';
import { builder } from '../builder.ts';
import { Connectable } from './connectable.ts';

const AttentionKindEnum = builder.enumType('AttentionKind', {
  description: 'Why something needs attention.',
  values: {
    GRACE_ENDING: { value: 'grace_ending', description: 'Its token was rotated, and the grace will end.' },
    DISCONNECTED: { value: 'disconnected', description: 'It was connected before and is not now.' },
    FAILING: {
      value: 'failing',
      description: 'An agent of whose events at least a tenth failed in the last hour.',
    },
    REJECTED: { value: 'rejected', description: 'An app whose events were rejected in the last 24 hours.' },
    TOKEN_OLD: { value: 'token_old', description: 'Its current token is older than 90 days.' },
  } as const,
});

export const AttentionRef = builder.objectRef<Attention>('Attention').implement({
  description: 'Something about an active app or agent that somebody should look at.',
  fields: (t) => ({
    kind: t.field({ type: AttentionKindEnum, description: 'Why.', resolve: ({ kind }) => kind }),
    subject: t.field({
      type: Connectable,
      description: 'The app or agent.',
      resolve: ({ ownerKind, ownerId }, _args, { loaders }) => loaders[ownerKind].load(ownerId),
    }),
    since: t.expose('since', {
      type: 'DateTime',
      nullable: true,
      description: 'DISCONNECTED: when it last connected. TOKEN_OLD: when the token was made.',
    }),
    until: t.expose('until', {
      type: 'DateTime',
      nullable: true,
      description: 'GRACE_ENDING: when the old token ends.',
    }),
    count: t.exposeInt('count', {
      nullable: true,
      description:
        'GRACE_ENDING: open connections with the old token. DISCONNECTED: events that wait for an agent, counted to at most 1,000. FAILING, REJECTED: events.',
    }),
    total: t.exposeInt('total', {
      nullable: true,
      description: 'GRACE_ENDING: open connections. FAILING: events delivered or failed.',
    }),
  }),
});
