import type { EventStatus, StepKind } from '../database/entities/event.ts';
import { madeUp } from './codes.ts';
import type { Queries } from './reader.ts';

/** An event as lists show it: everything but its bodies, which may be large. */
export interface EventRow {
  id: string;
  organizationId: string;
  appId: string;
  agentId: string | null;
  agentSlug: string;
  appSlug: string;
  threadId: string;
  status: EventStatus;
  origin: 'app' | 'dashboard';
  payloadBytes: number;
  resendOf: string | null;
  /** Whether the app's connections get the outcome after it was recorded. */
  handOver: boolean;
  acceptedAt: Date;
  dispatchedAt: Date | null;
  connectionId: string | null;
  firstTokenAt: Date | null;
  attempts: number;
  settledAt: Date | null;
  latencyMs: number | null;
  errorCode: string | null;
  errorText: string | null;
  handedOverAt: Date | null;
  contentDeletedAt: Date | null;
}

/** When what an event `e` carried was deleted; what is unwanted is gone for everybody before the last row of it is. */
export const contentGone = `coalesce(e.content_deleted_at,
  (select contents_unwanted_at from app where app.id = e.app_id and e.accepted_at < contents_unwanted_at))`;

/** For `from event e`. The length of a text is known without reading the text. */
export const eventColumns = `e.id, e.organization_id as "organizationId", e.app_id as "appId",
  e.agent_id as "agentId", e.agent_slug as "agentSlug",
  (select slug from app where app.id = e.app_id) as "appSlug", e.thread_id as "threadId", e.status, e.origin,
  octet_length(e.payload) as "payloadBytes", e.resend_of as "resendOf", e.hand_over as "handOver", e.accepted_at as "acceptedAt",
  e.dispatched_at as "dispatchedAt", e.connection_id as "connectionId", e.first_token_at as "firstTokenAt",
  e.attempts, e.settled_at as "settledAt", e.latency_ms as "latencyMs",
  case when ${madeUp('e.error_code')} and (${contentGone}) is not null then 'AGENT_ERROR' else e.error_code end as "errorCode",
  case when (${contentGone}) is null then e.error_text end as "errorText", e.handed_over_at as "handedOverAt",
  (${contentGone}) as "contentDeletedAt"`;

/** Raw JSON texts, exactly as received; null what there is not, or no more. */
export interface EventBody {
  id: string;
  payload: string | null;
  reply: string | null;
  replyMetadata: string | null;
}

/** The bodies of many events in one query, in the order asked for. */
export async function bodiesOf(reader: Queries, ids: readonly string[]): Promise<(EventBody | null)[]> {
  const { rows } = await reader.query<EventBody>(
    `select id, case when gone is null then payload end as payload, case when gone is null then reply_content end as reply,
            case when gone is null then reply_metadata end as "replyMetadata"
       from event e, lateral (select ${contentGone} as gone) d where id = any($1::text[])`,
    [ids],
  );
  const byId = new Map(rows.map((row) => [row.id, row]));
  return ids.map((id) => byId.get(id) ?? null);
}

/** A further attempt or an oddity; see `EventStep`. */
export interface StepRow {
  eventId: string;
  at: Date;
  kind: StepKind;
  attempt: number | null;
  connectionId: string | null;
  detail: string | null;
}

/** An agent can answer one event as often as it likes; nobody reads further. */
const STEPS_SHOWN = 500;

/** The first recorded steps of many events in one query, oldest first, in the order asked for. */
export async function stepsOf(reader: Queries, ids: readonly string[]): Promise<StepRow[][]> {
  const { rows } = await reader.query<StepRow>(
    `select s.* from unnest($1::text[]) as e(id), lateral (
       select event_id as "eventId", at, kind, attempt, connection_id as "connectionId", detail
         from event_step where event_id = e.id order by at, id limit ${STEPS_SHOWN}) s`,
    [ids],
  );
  const byEvent = Map.groupBy(rows, (row) => row.eventId);
  return ids.map((id) => byEvent.get(id) ?? []);
}

/** Pending events of each agent, counted to at most 1,000: nobody reads further, and counting more costs more. */
export async function pendingOf(reader: Queries, agentIds: readonly string[]): Promise<number[]> {
  const { rows } = await reader.query<{ id: string; pending: number }>(
    `select a.id, c.pending from unnest($1::uuid[]) as a(id), lateral (
       select count(*)::int as pending from (
         select 1 from event e where e.agent_id = a.id and e.status = 'pending' limit 1000) waiting) c`,
    [agentIds],
  );
  const byAgent = new Map(rows.map((row) => [row.id, row.pending]));
  return agentIds.map((id) => byAgent.get(id) ?? 0);
}
