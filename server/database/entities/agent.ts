import { defineEntity, p } from '@mikro-orm/core';
import type { InferEntity } from '@mikro-orm/core';
import { App } from './app.ts';
import { Organization } from './organization.ts';
import { tokenProperties } from './token.ts';

/** An autonomous service that answers events. `slug` is the public agent id: unique in its organisation, never changed. */
export const Agent = defineEntity({
  name: 'Agent',
  properties: {
    id: p.uuid().primary(),
    organization: () => p.manyToOne(Organization),
    slug: p.text(),
    name: p.text(),
    description: p.text().default(''),
    createdAt: p.datetime(3),
    /** Null while active. */
    deactivatedAt: p.datetime(3).nullable(),
    lastConnectedAt: p.datetime(3).nullable(),
    /** Longest silence about one event before it fails, seconds. */
    timeoutSeconds: p.integer().default(120),
    /** Longest time for one event in all, from its first dispatch, seconds. */
    maxSeconds: p.integer().default(3600),
    /** How long an event waits for an absent agent, seconds. */
    queueSeconds: p.integer().default(86_400),
    /** Events in flight on each connection. */
    maxInFlight: p.integer().default(64),
    /** The node that orders this agent's sessions; a lease that ends with that node's own. */
    homeNode: p.text().nullable(),
    homeEpoch: p.bigint('string').nullable(),
  },
  uniques: [{ name: 'agent_organization_slug_unique', properties: ['organization', 'slug'] }],
});
export type Agent = InferEntity<typeof Agent>;

/** One token of an agent; the same rules as for `AppToken`. */
export const AgentToken = defineEntity({
  name: 'AgentToken',
  properties: {
    ...tokenProperties,
    agent: () => p.manyToOne(Agent).index(),
  },
});
export type AgentToken = InferEntity<typeof AgentToken>;

/** One app that may reach the agent. An agent without entries is open to every app of its organisation. */
export const AllowlistEntry = defineEntity({
  name: 'AllowlistEntry',
  properties: {
    agent: () => p.manyToOne(Agent).primary(),
    app: () => p.manyToOne(App).primary().index(),
    createdAt: p.datetime(3),
  },
});
export type AllowlistEntry = InferEntity<typeof AllowlistEntry>;
