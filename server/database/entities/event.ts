import { defineEntity, p } from '@mikro-orm/core';
import type { InferEntity } from '@mikro-orm/core';

const eventStatuses = ['pending', 'delivered', 'failed', 'rejected'] as const;
export type EventStatus = (typeof eventStatuses)[number];

/**
 * One event and the steps of its first attempt. Partitioned by `id`, which is time-ordered (see
 * `broker/eventId.ts`), so that retention can drop whole partitions. Owners are plain uuids without foreign
 * keys: this is the hot table, and no parent row is ever deleted under it.
 *
 * `payload`, `replyContent` and `replyMetadata` are raw JSON text exactly as received: json and jsonb refuse or
 * rewrite some valid texts.
 */
export const Event = defineEntity({
  name: 'Event',
  properties: {
    id: p.text().collation('C').primary(),
    organizationId: p.uuid(),
    appId: p.uuid(),
    /** Null when the addressed agent does not exist. */
    agentId: p.uuid().nullable(),
    /** The agent as the app addressed it. */
    agentSlug: p.text(),
    threadId: p.text(),
    status: p.enum(eventStatuses),
    origin: p.enum(['app', 'dashboard'] as const),
    payload: p.text(),
    traceparent: p.text().nullable(),
    idempotencyKey: p.text().nullable(),
    /** Whether the outcome goes to the app's sockets; false for most of what the dashboard sends. */
    handOver: p.boolean().default(true),
    /** The event this one sends again. */
    resendOf: p.text().nullable(),
    acceptedAt: p.datetime(3),
    /** The first attempt's dispatch, and the agent connection it went to. */
    dispatchedAt: p.datetime(3).nullable(),
    connectionId: p.text().nullable(),
    firstTokenAt: p.datetime(3).nullable(),
    attempts: p.smallint().default(0),
    /** When the final status was committed. */
    settledAt: p.datetime(3).nullable(),
    latencyMs: p.integer().nullable(),
    replyContent: p.text().nullable(),
    replyMetadata: p.text().nullable(),
    errorCode: p.text().nullable(),
    errorText: p.text().nullable(),
    /** When the app confirmed the outcome. Null on a settled event: not handed over yet. */
    handedOverAt: p.datetime(3).nullable(),
    /** When payload and answer were deleted on somebody's wish. */
    contentDeletedAt: p.datetime(3).nullable(),
  },
  partitionBy: {
    type: 'range',
    expression: ['id'],
    partitions: [{ name: 'event_default', values: 'default' }],
  },
  indexes: [
    { name: 'event_organization_index', properties: ['organizationId', 'id'] },
    { name: 'event_app_index', properties: ['appId', 'id'] },
    // The thread comes first, so that a filter by thread alone is served by the same index as a session.
    { name: 'event_session_index', properties: ['threadId', 'agentId', 'appId', 'id'] },
    { name: 'event_agent_newest_index', properties: ['agentId', 'id'] },
    { name: 'event_unfinished_index', properties: ['agentId', 'id'], where: `status = 'pending'` },
    {
      name: 'event_unconfirmed_index',
      properties: ['appId', 'id'],
      where: `handed_over_at is null and settled_at is not null and hand_over`,
    },
    // What went wrong is looked for among far more that did not. The later columns are looked at without reading the rows.
    {
      name: 'event_error_index',
      properties: ['organizationId', 'id', 'agentId', 'appId', 'status', 'errorCode'],
      where: `error_code is not null`,
    },
    { name: 'event_resend_index', properties: ['resendOf', 'id'], where: `resend_of is not null` },
  ],
});
export type Event = InferEntity<typeof Event>;

const stepKinds = [
  'dispatched',
  'connection_lost',
  'timed_out',
  'duplicate_outcome',
  'stale_outcome',
] as const;
export type StepKind = (typeof stepKinds)[number];

/** A further attempt or an oddity in an event's life; the ordinary steps are columns of the event itself. */
export const EventStep = defineEntity({
  name: 'EventStep',
  properties: {
    id: p.uuid().primary(),
    eventId: p.text().collation('C').index(),
    at: p.datetime(3),
    kind: p.enum(stepKinds),
    attempt: p.smallint().nullable(),
    connectionId: p.text().nullable(),
    detail: p.text().nullable(),
  },
});
export type EventStep = InferEntity<typeof EventStep>;

/** The first event of an app under a key; the partitioned event table cannot hold this unique key itself. */
export const IdempotencyKey = defineEntity({
  name: 'IdempotencyKey',
  properties: {
    appId: p.uuid().primary(),
    key: p.text().primary(),
    eventId: p.text().collation('C'),
    /** SHA-256 of agent, thread and the payload's bytes, hex. */
    digest: p.text(),
    expiresAt: p.datetime(3).index(),
  },
});
export type IdempotencyKey = InferEntity<typeof IdempotencyKey>;

/**
 * Final statuses counted per minute, in the transaction that records them, so that charts never scan events. Delivered
 * events are counted per bucket of `domain/latency.ts`; `bucket` is -1 for the other statuses. Minutes that are over
 * move on into tallies.
 */
export const Rollup = defineEntity({
  name: 'Rollup',
  properties: {
    organizationId: p.uuid().primary(),
    minute: p.datetime(0).primary(),
    appId: p.uuid().primary(),
    /** The nil uuid where the addressed agent does not exist. */
    agentId: p.uuid().primary(),
    status: p.enum(['delivered', 'failed', 'rejected'] as const).primary(),
    bucket: p.smallint().primary(),
    count: p.integer(),
  },
});
export type Rollup = InferEntity<typeof Rollup>;

/**
 * Rollups of minutes that are over, summed up for charts: for each app with each agent, for each of them alone and for
 * the organisation, where `EVERY` stands for all. `at` begins a step as long as the shortest chart that reaches back
 * to it needs. What is counted is either still a rollup or in these.
 */
export const Tally = defineEntity({
  name: 'Tally',
  properties: {
    organizationId: p.uuid().primary(),
    appId: p.uuid().primary(),
    agentId: p.uuid().primary(),
    at: p.datetime(0).primary(),
    status: p.enum(['delivered', 'failed', 'rejected'] as const).primary(),
    bucket: p.smallint().primary(),
    count: p.integer(),
  },
});
export type Tally = InferEntity<typeof Tally>;
