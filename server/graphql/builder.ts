import SchemaBuilder from '@pothos/core';
import ComplexityPlugin from '@pothos/plugin-complexity';
import ErrorsPlugin from '@pothos/plugin-errors';
import RelayPlugin from '@pothos/plugin-relay';
import { GraphQLError } from 'graphql';
import { PAGE_DEFAULT, PAGE_MAX } from '../domain/page.ts';
import type { Context } from './context.ts';
import { globalId } from './ids.ts';

/** Cost of one operation: each field is one, times the length of the lists it stands in. */
const COMPLEXITY_MAX = 20_000;
const LIST_LENGTH = 5;

export interface SizeArgs {
  first?: number | null;
  last?: number | null;
}

/** A size that will be refused anyway must be told as what it is, not as complexity. */
export function sizeOf(args: SizeArgs): number {
  return Math.min(Math.max(args.first ?? args.last ?? PAGE_DEFAULT, 1), PAGE_MAX);
}

export const builder = new SchemaBuilder<{
  Context: Context;
  Scalars: { DateTime: { Input: Date; Output: Date }; ID: { Input: string; Output: string } };
  DefaultFieldNullability: false;
  DefaultNodeNullability: false;
  DefaultEdgesNullability: { list: false; items: false };
}>({
  plugins: [ErrorsPlugin, RelayPlugin, ComplexityPlugin],
  defaultFieldNullability: false,
  errors: { defaultTypes: [] },
  complexity: {
    limit: { complexity: COMPLEXITY_MAX },
    defaultComplexity: 1,
    defaultListMultiplier: LIST_LENGTH,
    complexityError: (_kind, { complexity }) =>
      new GraphQLError(`This operation costs ${complexity}; at most ${COMPLEXITY_MAX} is allowed.`, {
        extensions: { code: 'TOO_COMPLEX' },
      }),
  },
  relay: {
    encodeGlobalID: (type, id) => globalId(type, String(id)),
    // `node` and `nodes` are in types/node.ts: ids are decoded strictly and strangers' things are absent.
    nodeQueryOptions: false,
    nodesQueryOptions: false,
    cursorType: 'String',
    nodeTypeOptions: { description: 'Anything that has a global id.' },
    idFieldOptions: { description: 'The global id, opaque, unique over all types.' },
    pageInfoTypeOptions: { description: 'Where a page lies in its list.' },
    hasNextPageFieldOptions: { description: 'Whether there are items after this page.' },
    hasPreviousPageFieldOptions: { description: 'Whether there are items before this page.' },
    startCursorFieldOptions: { description: 'The cursor of the first item; null on an empty page.' },
    endCursorFieldOptions: { description: 'The cursor of the last item; null on an empty page.' },
    cursorFieldOptions: { description: 'The position of this item in its list, opaque.' },
    nodeFieldOptions: { description: 'The item.', nullable: false },
    edgesFieldOptions: {
      description: 'The items of this page with their cursors.',
      nullable: { list: false, items: false },
      complexity: { field: 0, multiplier: 1 },
    },
    pageInfoFieldOptions: { description: 'Where this page lies in the list.' },
    firstArgOptions: {
      description: `Number of items from the front, 1 to ${PAGE_MAX}; ${PAGE_DEFAULT} when neither first nor last is given.`,
    },
    lastArgOptions: {
      description: `Number of items from the end, 1 to ${PAGE_MAX}. Not together with first.`,
    },
    afterArgOptions: { description: 'Only items after this cursor, which must come from the same list.' },
    beforeArgOptions: { description: 'Only items before this cursor, which must come from the same list.' },
    defaultConnectionTypeOptions: { description: 'A page of a list.' },
    defaultEdgeTypeOptions: { description: 'One item of a page.' },
    defaultConnectionFieldOptions: {
      complexity: (args: SizeArgs) => ({ field: 1, multiplier: sizeOf(args) }),
    },
  },
});

export type Types = typeof builder.$inferSchemaTypes;

builder.queryType({ description: 'Everything that can be read.' });
builder.mutationType({
  description: 'Everything that can be changed. Expected failures are members of the result unions.',
});
builder.subscriptionType({
  description:
    'Everything that can be watched. Each sends the current state first, and ends within a second when its caller loses the right to it.',
});
