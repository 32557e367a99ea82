import { Client, fetchExchange, subscriptionExchange } from '@urql/core';
import { cacheExchange } from '@urql/exchange-graphcache';
import { updates } from './forgetting.ts';
import { resolvers } from './knowing.ts';
import { socket } from './socket.ts';
import { tellAgain } from './telling.ts';

/** Values that belong to the object they hang on and are never looked up by themselves. */
const embedded = [
  'Activity',
  'AgentAllowlistConnection',
  'AgentAllowlistConnectionEdge',
  'AppReachableAgentsConnection',
  'AppReachableAgentsConnectionEdge',
  'Attention',
  'AuditDetail',
  'ContentsDeletion',
  'ConnectionChange',
  'ConnectionStatus',
  'EventConnection',
  'EventEdge',
  'ErrorCount',
  'EventError',
  'OrganizationApiKeysConnection',
  'OrganizationApiKeysConnectionEdge',
  'OrganizationAppsConnection',
  'OrganizationAppsConnectionEdge',
  'OrganizationAgentsConnection',
  'OrganizationAgentsConnectionEdge',
  'OrganizationAuditLogConnection',
  'OrganizationAuditLogConnectionEdge',
  'OrganizationInvitationsConnection',
  'OrganizationInvitationsConnectionEdge',
  'OrganizationMembersConnection',
  'OrganizationMembersConnectionEdge',
  'PageInfo',
  'Reach',
  'Rejection',
  'SignupState',
  'Stats',
  'StatsPoint',
  'TimelineEntry',
  'Viewer',
];

const overSocket = subscriptionExchange({
  forwardSubscription: (request) => ({
    subscribe: (sink) => ({
      unsubscribe: socket.subscribe({ ...request, query: request.query ?? '' }, sink),
    }),
  }),
});

/** The server answers sooner or not at all. */
const ANSWER_WITHIN_MS = 60_000;

/** Gives up on an answer that does not come, so that nobody has to wait for it for ever. */
const fetchInTime: typeof fetch = (input, init) => {
  const late = AbortSignal.timeout(ANSWER_WITHIN_MS);
  return fetch(input, { ...init, signal: init?.signal ? AbortSignal.any([init.signal, late]) : late });
};

const common = {
  url: '/graphql',
  fetch: fetchInTime,
  preferGetMethod: false as const,
  fetchOptions: { credentials: 'same-origin' as const },
};

/** Normalised: one app or agent is one record, and everything that shows it follows. */
export const cached = new Client({
  ...common,
  exchanges: [
    cacheExchange({
      keys: Object.fromEntries(embedded.map((type) => [type, () => null])),
      possibleTypes: { Connectable: ['Agent', 'App'] },
      resolvers,
      updates,
    }),
    tellAgain,
    fetchExchange,
    overSocket,
  ],
});

/**
 * Remembers nothing. For answers that hold a secret, which must not outlive the dialog that shows it, and for
 * the endless stream of events, which would make a cache grow for as long as the page is open.
 */
export const direct = new Client({ ...common, exchanges: [fetchExchange, overSocket] });
