import type { Cache, UpdateResolver } from '@urql/exchange-graphcache';

type Args = Record<string, unknown>;

/** Drops what the cache holds of some fields of a record; whatever shows them asks again. */
function forget(cache: Cache, record: string, fieldName: string, which: (args: Args) => boolean): void {
  for (const field of cache.inspectFields(record)) {
    if (field.fieldName === fieldName && which(field.arguments ?? {}))
      cache.invalidate(record, field.fieldName, field.arguments);
  }
}

/** How much of an allowlist the mutations return (the fragment AgentAllowlist), which is no page of it. */
const RETURNED = 11;

/**
 * An allowlist is read in pages, and who may reach whom is judged by the server: a change of one entry can move all of
 * that. What the mutation itself returned is as it is now, and stays.
 */
const allowlistChanged: UpdateResolver = (_result, args, cache) => {
  const { agentId } = args['input'] as { agentId: string };
  const agent = cache.keyOfEntity({ __typename: 'Agent', id: agentId });
  if (agent) forget(cache, agent, 'allowlist', ({ first }) => first !== RETURNED);
  forget(cache, 'Query', 'reach', (given) => given['agentId'] === agentId);
};

/** What changes beyond the records that a mutation returns. */
export const updates = {
  Mutation: {
    allowApp: allowlistChanged,
    changeAllowlist: allowlistChanged,
    disallowApp: allowlistChanged,
  },
};
