import type { Pool } from 'pg';
import type { Outcome } from '../links.ts';

/** A committed outcome and whose it is. */
export interface WaitingOutcome {
  event: {
    id: string;
    organizationId: string;
    appId: string;
    agentId: string | null;
    threadId: string;
    status: 'delivered' | 'failed' | 'rejected' | 'pending';
    errorCode: string | null;
    /** Ms since the epoch. */
    acceptedAt: number;
  };
  outcome: Outcome;
}

interface Row {
  id: string;
  organizationId: string;
  appId: string;
  agentId: string | null;
  agentSlug: string;
  threadId: string;
  status: 'delivered' | 'failed';
  acceptedAt: Date;
  idempotencyKey: string | null;
  payload: string;
  replyContent: string | null;
  replyMetadata: string | null;
  errorCode: string | null;
  errorText: string | null;
}

const COLUMNS = `id, organization_id as "organizationId", app_id as "appId", agent_id as "agentId", agent_slug as "agentSlug",
  thread_id as "threadId", status, accepted_at as "acceptedAt", idempotency_key as "idempotencyKey", payload,
  reply_content as "replyContent", reply_metadata as "replyMetadata", error_code as "errorCode", error_text as "errorText"`;

/** An app's outcomes that no connection confirmed, settled after `since`, oldest event first. */
export async function readOutcomes(
  pool: Pool,
  appId: string,
  after: string,
  since: Date,
  limit: number,
): Promise<WaitingOutcome[]> {
  const { rows } = await pool.query<Row>({
    name: 'handover-page',
    text: `
select ${COLUMNS} from event
where app_id = $1 and handed_over_at is null and settled_at is not null and hand_over and id > $2 and settled_at > $3
order by id limit $4`,
    values: [appId, after, since, limit],
  });
  return rows.map(toWaiting);
}

/** Which of these apps have outcomes that no connection confirmed, settled after `since`. */
export async function readAppsWithOutcomes(pool: Pool, appIds: string[], since: Date): Promise<string[]> {
  const { rows } = await pool.query<{ id: string }>({
    name: 'handover-apps',
    text: `
select a.id from unnest($1::uuid[]) as a(id) where exists (
  select from event
  where app_id = a.id and handed_over_at is null and settled_at is not null and hand_over and settled_at > $2)`,
    values: [appIds, since],
  });
  return rows.map(({ id }) => id);
}

export async function readOutcomesOf(pool: Pool, eventIds: string[]): Promise<WaitingOutcome[]> {
  const { rows } = await pool.query<Row>({
    name: 'handover-some',
    text: `select ${COLUMNS} from event where id = any($1::text[]) and settled_at is not null order by id`,
    values: [eventIds],
  });
  return rows.map(toWaiting);
}

/** The outcome of one event; null while it is pending. */
export async function readOutcome(pool: Pool, eventId: string): Promise<WaitingOutcome | null> {
  return (await readOutcomesOf(pool, [eventId]))[0] ?? null;
}

function toWaiting(row: Row): WaitingOutcome {
  const { id, organizationId, appId, agentId, threadId, status, errorCode } = row;
  return {
    event: {
      id,
      organizationId,
      appId,
      agentId,
      threadId,
      status,
      errorCode,
      acceptedAt: row.acceptedAt.getTime(),
    },
    outcome: {
      eventId: id,
      agentSlug: row.agentSlug,
      threadId,
      idempotencyKey: row.idempotencyKey,
      result:
        row.status === 'delivered'
          ? {
              status: 'delivered',
              rawContent: row.replyContent ?? '""',
              rawPayload: row.payload,
              rawMetadata: row.replyMetadata,
            }
          : { status: 'failed', code: row.errorCode ?? 'AGENT_ERROR', message: row.errorText ?? '' },
    },
  };
}
