import type { Pool } from 'pg';
import type { Pending } from '../pending.ts';

interface Row {
  id: string;
  organizationId: string;
  appId: string;
  appSlug: string;
  agentSlug: string;
  threadId: string;
  rawPayload: string;
  traceparent: string | null;
  idempotencyKey: string | null;
  handOver: boolean;
  acceptedAt: Date;
  attempts: number;
}

const COLUMNS = `e.id, e.organization_id as "organizationId", e.app_id as "appId", a.slug as "appSlug", e.agent_slug as "agentSlug",
  e.thread_id as "threadId", e.payload as "rawPayload", e.traceparent, e.idempotency_key as "idempotencyKey",
  e.hand_over as "handOver", e.accepted_at as "acceptedAt", e.attempts`;

/** An agent's pending events after an id, oldest first. */
export async function readBacklog(
  pool: Pool,
  agentId: string,
  after: string,
  limit: number,
): Promise<Pending[]> {
  const { rows } = await pool.query<Row>({
    name: 'backlog-page',
    text: `
select ${COLUMNS} from event e join app a on a.id = e.app_id
where e.agent_id = $1 and e.status = 'pending' and e.id > $2 order by e.id limit $3`,
    values: [agentId, after, limit],
  });
  return rows.map((row) => toPending(row, agentId));
}

/** One pending event of an agent; null when there is none. */
export async function readPending(pool: Pool, agentId: string, eventId: string): Promise<Pending | null> {
  const { rows } = await pool.query<Row>({
    name: 'backlog-one',
    text: `
select ${COLUMNS} from event e join app a on a.id = e.app_id
where e.id = $2 and e.agent_id = $1 and e.status = 'pending'`,
    values: [agentId, eventId],
  });
  return rows[0] ? toPending(rows[0], agentId) : null;
}

/** How many events of an agent after an id are pending, counted to at most `most`. */
export async function countBacklog(
  pool: Pool,
  agentId: string,
  after: string,
  most: number,
): Promise<number> {
  const { rows } = await pool.query<{ count: number }>({
    name: 'backlog-count',
    text: `
select count(*)::int as count from (
  select from event where agent_id = $1 and status = 'pending' and id > $2 limit $3
) as counted`,
    values: [agentId, after, most],
  });
  return rows[0]?.count ?? 0;
}

/** The agents that have pending events. */
export async function agentsWithBacklog(pool: Pool): Promise<string[]> {
  const { rows } = await pool.query<{ agentId: string }>({
    name: 'backlog-agents',
    // One index probe per agent, however long their backlogs are.
    text: `
with recursive found as (
  (select agent_id from event where status = 'pending' order by agent_id limit 1)
  union all
  select (select e.agent_id from event e where e.status = 'pending' and e.agent_id > f.agent_id order by e.agent_id limit 1)
  from found f where f.agent_id is not null
)
select agent_id as "agentId" from found where agent_id is not null`,
  });
  return rows.map((row) => row.agentId);
}

function toPending({ acceptedAt, attempts, ...row }: Row, agentId: string): Pending {
  return {
    ...row,
    agentId,
    acceptedAt: acceptedAt.getTime(),
    attempt: attempts,
    lost: attempts,
    first: null,
    firstTokenAt: null,
    flight: null,
    settling: false,
  };
}
