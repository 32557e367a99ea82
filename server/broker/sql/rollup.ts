import type { Client } from 'pg';
import type { AcceptRecord } from '../records.ts';

/** Stands in a rollup for an agent that does not exist. */
export const NIL_UUID = '00000000-0000-0000-0000-000000000000';

/** The columns a rollup row is found by, and how a further count joins it. */
export const ROLLUP_KEY = 'organization_id, minute, app_id, agent_id, status, bucket';
export const ROLLUP_MERGE = `on conflict (${ROLLUP_KEY}) do update set count = rollup.count + excluded.count`;

const COUNT = {
  name: 'rollup-count',
  text: `
insert into rollup (${ROLLUP_KEY}, count)
select organization_id, date_trunc('minute', at), app_id, coalesce(agent_id, '${NIL_UUID}'), status, -1, count(*)
from unnest($1::uuid[], $2::timestamptz[], $3::uuid[], $4::uuid[], $5::text[]) as t(organization_id, at, app_id, agent_id, status)
group by 1, 2, 3, 4, 5
order by 1, 2, 3, 4, 5
${ROLLUP_MERGE}`,
};

/** Counts events that ended as they were recorded. */
export async function countFinals(client: Client, records: AcceptRecord[]): Promise<void> {
  if (records.length === 0) return;
  const values = [
    records.map((r) => r.organizationId),
    records.map((r) => new Date(r.acceptedAt)),
    records.map((r) => r.appId),
    records.map((r) => r.agentId),
    records.map((r) => r.status),
  ];
  await client.query({ ...COUNT, values });
}
