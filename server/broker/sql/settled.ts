import type { Pool } from 'pg';

/** How an agent's event ended; null when it is pending, unknown or another agent's. */
export async function readSettled(
  pool: Pool,
  agentId: string,
  eventId: string,
): Promise<{ errorCode: string | null } | null> {
  const { rows } = await pool.query<{ errorCode: string | null }>({
    name: 'settled-one',
    text: `select error_code as "errorCode" from event where id = $1 and agent_id = $2 and settled_at is not null`,
    values: [eventId, agentId],
  });
  return rows[0] ?? null;
}
