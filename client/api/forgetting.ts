import type { Cache, UpdateResolver } from '@urql/exchange-graphcache';

/** Drops what the cache holds of some fields of a record; whatever shows them asks again. */
function forget(cache: Cache, record: string, fieldName: string, which: (args: object) => boolean): void {
  for (const field of cache.inspectFields(record)) {
    if (field.fieldName === fieldName && which(field.arguments ?? {}))
      cache.invalidate(record, field.fieldName, field.arguments);
  }
}

/** As many entries of an allowlist as mutations return (`AgentAllowlist` in `agents.graphql`). */
const RETURNED = 2;

/**
 * An allowlist is read in pages, and who may reach whom is judged by the server: a change of one entry can move all of
 * that. What the mutation itself returned stays.
 */
const allowlistChanged: UpdateResolver = (_result, args, cache) => {
  const { agentId } = args['input'] as { agentId: string };
  const agent = cache.keyOfEntity({ __typename: 'Agent', id: agentId });
  if (agent) forget(cache, agent, 'allowlist', (given) => 'first' in given && given.first !== RETURNED);
  forget(cache, 'Query', 'reach', (given) => 'agentId' in given && given.agentId === agentId);
};

/** What changes beyond the records that a mutation returns. */
export const updates = {
  Mutation: {
    allowApp: allowlistChanged,
    changeAllowlist: allowlistChanged,
    disallowApp: allowlistChanged,
  },
};
