import { EVERY } from '../../domain/stats.ts';
import { NIL_UUID } from './rollup.ts';
import { LONGEST_STEP_MS, binned } from './tally.ts';

/**
 * What must be true of the stored events at any moment. Each statement counts the rows that break one rule, seen in one
 * snapshot. Its parameters: $1 the time now, $2 the lowest event id to look at, $3 the lowest id that retention has not
 * yet dropped, $4 the beginning of the first step of tallies of which both counts and events are whole.
 */
export interface Rule {
  name: 'balance' | 'rollups' | 'orphans' | 'doubles' | 'overdue' | 'ghosts';
  /** The rule, as it is told when it holds. */
  holds: string;
  /** What a violation is, told after their number. */
  broken: string;
  /** Reads tables that no range of event ids bounds: too much for a look every few minutes. */
  whole: boolean;
  text: string;
}

const BOUNDS =
  'with bounds as (select $1::timestamptz as now, $2::text as lowest, $3::text as kept, $4::timestamptz as since)';
const LOWEST = '(select lowest from bounds)';
const PAIR = `app_id <> '${EVERY}' and agent_id <> '${EVERY}'`;
const LIVE = 'n.lease_expires_at > now()';

/** Accepted = delivered + failed + pending + rejected, counted over the columns that make each of them what it is. */
const balance = `${BOUNDS}
select count(*) - count(*) filter (where status = 'delivered' and settled_at is not null and reply_content is not null)
  - count(*) filter (where status = 'failed' and settled_at is not null and error_code is not null)
  - count(*) filter (where status = 'rejected' and settled_at is not null and error_code is not null)
  - count(*) filter (where status = 'pending' and settled_at is null) as count
from event where id >= ${LOWEST}`;

// By app, agent and the longest step that tallies are joined to; then each sum of tallies by the tallies it is the sum of.
const rollups = `${BOUNDS},
tallies as materialized (select * from tally where at >= (select since from bounds)),
stored as (
  select organization_id, ${binned('settled_at', LONGEST_STEP_MS)} as step, app_id,
    coalesce(agent_id, '${NIL_UUID}') as agent_id, status, count(*) as count
  from event where settled_at >= (select since from bounds) group by 1, 2, 3, 4, 5
),
counted as (
  select organization_id, ${binned('at', LONGEST_STEP_MS)} as step, app_id, agent_id, status, sum(count) as count
  from (
    select organization_id, at, app_id, agent_id, status, count from tallies where ${PAIR}
    union all
    select organization_id, minute, app_id, agent_id, status, count from rollup where minute >= (select since from bounds)
  ) counts group by 1, 2, 3, 4, 5
),
summed as (
  select organization_id, at, coalesce(app_id, '${EVERY}') as app_id, coalesce(agent_id, '${EVERY}') as agent_id, status, bucket,
    sum(count) as count
  from tallies where ${PAIR} group by organization_id, at, status, bucket, grouping sets ((), (app_id), (agent_id))
),
sums as (select * from tallies where not (${PAIR}))
select (
  select coalesce(sum(abs(coalesce(s.count, 0) - coalesce(c.count, 0))), 0)
  from stored s full join counted c using (organization_id, step, app_id, agent_id, status)
)::bigint + (
  select coalesce(sum(abs(coalesce(s.count, 0) - coalesce(t.count, 0))), 0)
  from summed s full join sums t using (organization_id, at, app_id, agent_id, status, bucket)
)::bigint as count`;

const orphans = `${BOUNDS}
select
  (select count(*) from event e where id >= ${LOWEST} and (
    not exists (select from app a where a.id = e.app_id and a.organization_id = e.organization_id)
    or (agent_id is not null and not exists (select from agent a where a.id = e.agent_id and a.organization_id = e.organization_id))
    or (agent_id is null and status in ('pending', 'delivered'))))
  + (select count(*) from event_step s where s.event_id >= greatest(${LOWEST}, (select kept from bounds))
    and not exists (select from event e where e.id = s.event_id))
  + (select count(*) from idempotency_key k where k.event_id >= greatest(${LOWEST}, (select kept from bounds))
    and k.expires_at > (select now from bounds)
    and not exists (select from event e where e.id = k.event_id and e.app_id = k.app_id and e.idempotency_key = k.key)) as count`;

// A retryable failure frees its key, so failed events may share theirs. A key is good for a day by the clock of the node
// that wrote it; a minute is left for what two nodes' clocks may differ.
const doubles = `${BOUNDS}
select
  (select count(*) from event where id >= ${LOWEST} and (
    (status = 'pending' and (coalesce(reply_content, error_code) is not null or coalesce(settled_at, handed_over_at) is not null))
    or (status = 'delivered' and (error_code is not null or latency_ms is null))
    or (status in ('failed', 'rejected') and reply_content is not null)))
  + (select count(*) from (
      select accepted_at - lag(accepted_at) over (partition by app_id, idempotency_key order by accepted_at) as apart
      from event where id >= ${LOWEST} and idempotency_key is not null and status <> 'failed'
    ) keyed where apart < interval '23 hours 59 minutes') as count`;

// Waiting and being answered each have their deadline. A start of the node that holds the agent counts the second one
// anew, because attempts are memory. Where no live node holds the agent, one that has lived for minutes should have taken it.
const overdue = `${BOUNDS}
select count(*) as count from event e join agent a on a.id = e.agent_id
left join node n on n.id = a.home_node and n.epoch = a.home_epoch and ${LIVE}
where e.status = 'pending' and case
  when n.id is not null then
    greatest(e.accepted_at + a.queue_seconds * interval '1 second', n.started_at)
      + (a.max_seconds + a.timeout_seconds + 60) * interval '1 second' < (select now from bounds)
  else e.accepted_at < (select now from bounds) - interval '2 minutes' and exists (
    select from node n where ${LIVE} and n.started_at < (select now from bounds) - interval '2 minutes')
end`;

// With no live node at all, nobody reads these rows as connections and the next start removes them.
const ghosts = `${BOUNDS}
select count(*) as count from connection c
where c.connected_at < (select now from bounds) - interval '30 seconds'
  and not exists (select from node n where n.id = c.node_id and n.epoch = c.epoch and n.lease_expires_at > now() - interval '30 seconds')
  and exists (select from node n where ${LIVE} and n.started_at < (select now from bounds) - interval '30 seconds')`;

export const RULES: Rule[] = [
  {
    name: 'balance',
    holds: 'Accepted events are delivered, failed, pending or rejected, each with what belongs to it.',
    broken: 'events are none of delivered, failed, pending and rejected with what belongs to it.',
    whole: false,
    text: balance,
  },
  {
    name: 'rollups',
    holds: 'The counts behind charts agree with the events.',
    broken: 'events are missing from the counts behind charts, or counted without being there.',
    whole: true,
    text: rollups,
  },
  {
    name: 'orphans',
    holds: 'Every event has its app and agent, every timeline step and idempotency key its event.',
    broken: 'rows belong to an app, agent or event that is not there.',
    whole: true,
    text: orphans,
  },
  {
    name: 'doubles',
    holds: 'No event has two outcomes and no idempotency key two events.',
    broken: 'events have a second outcome or share an idempotency key with another one.',
    whole: false,
    text: doubles,
  },
  {
    name: 'overdue',
    holds: 'Every pending event has a live deadline and a node that watches it.',
    broken: 'pending events are past their deadline, or no live node watches them.',
    whole: false,
    text: overdue,
  },
  {
    name: 'ghosts',
    holds: 'Every connection belongs to a live node.',
    broken: 'connections belong to nodes that are dead.',
    whole: false,
    text: ghosts,
  },
];
