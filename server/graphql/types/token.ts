import { tokenState } from '../../domain/tokens.ts';
import type { Types } from '../builder.ts';
import { builder } from '../builder.ts';
import { TokenRef } from '../refs.ts';

const TokenStateEnum = builder.enumType('TokenState', {
  description: 'Whether a token can be used.',
  values: {
    CURRENT: { value: 'current', description: 'Valid.' },
    PREVIOUS: { value: 'previous', description: 'Rotated out, valid until its grace ends.' },
    EXPIRED: { value: 'expired', description: 'Its grace has ended.' },
    REVOKED: { value: 'revoked', description: 'Ended at once.' },
  } as const,
});

export const previousInput = (t: PothosSchemaTypes.InputFieldBuilder<Types, 'InputObject'>) =>
  t.string({
    description:
      'The `lookup` of the token that is meant: where another one is the previous by now, nothing ends.',
  });

TokenRef.implement({
  description:
    'A token of an app or agent. The token itself is shown once, when it is made, and never again.',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'The id of the token, not the token.' }),
    lookup: t.exposeString('lookup', {
      description: 'Its 12 public characters: the first of the random part, enough to recognise it by.',
    }),
    state: t.field({
      type: TokenStateEnum,
      description: 'Whether it can be used, as of now.',
      resolve: (token, _args, { work }) => tokenState(token, work.clock.now()),
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was made.' }),
    lastUsedAt: t.expose('lastUsedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When a connection last opened with it.',
    }),
    expiresAt: t.expose('expiresAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When its grace ends or ended; null for one that was not rotated out.',
    }),
    revokedAt: t.expose('revokedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it was revoked.',
    }),
  }),
});
