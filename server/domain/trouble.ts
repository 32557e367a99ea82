import { madeUp } from './codes.ts';
import { eventIdFloor } from './eventId.ts';
import type { Queries } from './reader.ts';

const DAY = 24 * 3_600_000;
/** Of an organisation's newest events that went wrong: as far as one look goes back. */
const LOOKED_AT = 10_000;
/** Apps that are named. */
const LISTED = 20;

/** How often events to an agent ended with one code in the last 24 hours. */
export interface ErrorCount {
  code: string;
  count: number;
}

/** How many events of one app an agent's allowlist or absence turned away in the last 24 hours. */
export interface Rejection {
  agentId: string;
  appId: string;
  code: string;
  count: number;
}

/** While contents of an app are being deleted, no code that an agent made up is told of it. */
const CODE = `case when ${madeUp('error_code')} and exists (
    select from app where app.id = app_id and contents_unwanted_at is not null and contents_deleted_at is null)
  then 'AGENT_ERROR' else error_code end`;

// Answered from `event_error_index` alone: what went well is not looked at.
const TROUBLE = {
  name: 'agent-trouble',
  text: `
select e.agent_id as "agentId", e.app_id as "appId", e.status, e.error_code as code, count(*)::int as count
from (select distinct organization_id from agent where id = any($1::uuid[])) o, lateral (
  select agent_id, app_id, status, ${CODE} as error_code from event
  where organization_id = o.organization_id and id >= $2 and error_code is not null
  order by id desc limit ${LOOKED_AT}
) e
where e.agent_id = any($1::uuid[])
group by 1, 2, 3, 4
order by 5 desc, 4, 2`,
};

/** What went wrong with an agent's events, the most frequent first. */
export interface Trouble {
  errors: ErrorCount[];
  rejections: Rejection[];
}

/** The last 24 hours of many agents in one query, in the order asked for. */
export async function troubleOf(reader: Queries, ids: readonly string[], now: number): Promise<Trouble[]> {
  const { rows } = await reader.query<Rejection & { status: string }>({
    ...TROUBLE,
    values: [ids, eventIdFloor(now - DAY)],
  });
  const byAgent = Map.groupBy(rows, (row) => row.agentId);
  return ids.map((id) => {
    const own = byAgent.get(id) ?? [];
    return {
      errors: codes(own),
      rejections: own.filter((row) => row.status === 'rejected').slice(0, LISTED),
    };
  });
}

function codes(rows: Rejection[]): ErrorCount[] {
  const counts = new Map<string, ErrorCount>();
  for (const { code, count } of rows) {
    const known = counts.get(code);
    if (known) known.count += count;
    else counts.set(code, { code, count });
  }
  return [...counts.values()].sort((a, b) => b.count - a.count).slice(0, LISTED);
}
