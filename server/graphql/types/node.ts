import { nodeFor } from '../../domain/nodes.ts';
import { ValidationError } from '../../errors.ts';
import { builder } from '../builder.ts';
import type { Context } from '../context.ts';
import { parseGlobalId } from '../ids.ts';

function load(id: string, { work, caller }: Context): Promise<object | null> {
  const parsed = parseGlobalId(id);
  return parsed ? nodeFor(work, caller, parsed.type, parsed.id) : Promise.resolve(null);
}

builder.queryFields((t) => ({
  node: t.field({
    type: builder.nodeInterfaceRef(),
    nullable: true,
    description: "Anything by its global id; null when there is none or it is another organisation's.",
    args: { id: t.arg.id({ required: true, description: 'The global id.' }) },
    resolve: (_root, { id }, context) => load(id, context),
  }),
  nodes: t.field({
    type: [builder.nodeInterfaceRef()],
    nullable: { list: false, items: true },
    description: 'Many things by their global ids, in the order asked for; at most 100.',
    args: { ids: t.arg.idList({ required: true, description: 'The global ids, at most 100.' }) },
    complexity: ({ ids }) => ({ field: 1, multiplier: Math.min(Math.max(ids.length, 1), 100) }),
    resolve: (_root, { ids }, context) => {
      if (ids.length > 100) {
        throw new ValidationError([{ field: 'ids', message: 'Ask for at most 100 at once.' }]);
      }
      return Promise.all(ids.map((id) => load(id, context)));
    },
  }),
}));
