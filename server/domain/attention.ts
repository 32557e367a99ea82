import type { OwnerKind } from '../bus/topics.ts';
import type { Queries } from './reader.ts';
import { EVERY } from './stats.ts';
import type { Work } from './work.ts';

export type AttentionKind = 'grace_ending' | 'disconnected' | 'failing' | 'rejected' | 'token_old';

/** Something about an active app or agent that somebody should look at. */
export interface Attention {
  kind: AttentionKind;
  ownerKind: OwnerKind;
  ownerId: string;
  /** When it last connected, or when the token was made. */
  since: Date | null;
  /** When the grace ends. */
  until: Date | null;
  /** Events that failed, were rejected or wait; connections that still use the old token. */
  count: number | null;
  /** What `count` is a part of: events that ended, open connections. */
  total: number | null;
}

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** A token this old should be rotated. */
const TOKEN_OLD_DAYS = 90;
/** An agent is failing when at least this share of what ended in the last hour failed. */
const FAILING_SHARE = 0.1;
/** Of each kind: nobody works through more at a time. */
const LISTED = 20;

/** The most pressing first: what ends by itself, what is down, what fails, what is only old. */
export async function attentionOf(
  { reader, clock }: Pick<Work, 'reader' | 'clock'>,
  organizationId: string,
): Promise<Attention[]> {
  const now = clock.now();
  const at = (ago: number) => new Date(now - ago);
  const found = await Promise.all([
    read(reader, GRACES, [organizationId, at(0)]),
    read(reader, DISCONNECTED, [organizationId]),
    read(reader, FAILING, [organizationId, at(HOUR), FAILING_SHARE]),
    read(reader, REJECTED, [organizationId, at(DAY)]),
    read(reader, OLD_TOKENS, [organizationId, at(TOKEN_OLD_DAYS * DAY)]),
  ]);
  return found.flat();
}

async function read(reader: Queries, statement: Statement, values: unknown[]): Promise<Attention[]> {
  const { rows } = await reader.query<Attention>({ ...statement, values });
  return rows;
}

interface Statement {
  name: string;
  text: string;
}

const live = `join node n on n.id = c.node_id and n.epoch = c.epoch and n.lease_expires_at > now()`;

/** The same for apps and agents. */
const both = (text: (kind: OwnerKind) => string): string => `${text('app')} union all ${text('agent')}`;

const GRACES: Statement = {
  name: 'attention-graces',
  text: `
select 'grace_ending' as kind, "ownerKind", "ownerId", null::timestamptz as since, until,
  (select count(*)::int from connection c ${live} where c.owner_id = "ownerId" and c.token_id = token) as count,
  (select count(*)::int from connection c ${live} where c.owner_id = "ownerId") as total
from (${both(
    (kind) => `
  select '${kind}' as "ownerKind", o.id as "ownerId", t.id as token, t.expires_at as until
  from ${kind} o join ${kind}_token t on t.${kind}_id = o.id
  where o.organization_id = $1 and o.deactivated_at is null and t.revoked_at is null and t.expires_at > $2`,
  )}) graces
order by until limit ${LISTED}`,
};

// An agent that is away matters more when events wait for it; counted no further than anybody reads.
const DISCONNECTED: Statement = {
  name: 'attention-disconnected',
  text: `
select 'disconnected' as kind, "ownerKind", "ownerId", since, null::timestamptz as until,
  case when "ownerKind" = 'agent' then (
    select count(*)::int from (select from event e where e.agent_id = "ownerId" and e.status = 'pending' limit 1000) waiting
  ) end as count, null::int as total
from (
  select * from (${both(
    (kind) => `
    select '${kind}' as "ownerKind", o.id as "ownerId", o.last_connected_at as since from ${kind} o
    where o.organization_id = $1 and o.deactivated_at is null and o.last_connected_at is not null
      and not exists (select from connection c ${live} where c.owner_id = o.id)`,
  )}) gone
  order by since desc limit ${LISTED}
) latest`,
};

const FAILING: Statement = {
  name: 'attention-failing',
  text: `
select 'failing' as kind, 'agent' as "ownerKind", id as "ownerId", null::timestamptz as since, null::timestamptz as until,
  failed as count, ended as total
from (
  select id, coalesce(sum(count) filter (where status = 'failed'), 0)::int as failed, sum(count)::int as ended
  from (
    select a.id, t.status, t.count from agent a
    join tally t on t.organization_id = a.organization_id and t.app_id = '${EVERY}' and t.agent_id = a.id and t.at >= $2
    where a.organization_id = $1 and a.deactivated_at is null and t.status <> 'rejected'
    union all
    select a.id, r.status, r.count from agent a
    join rollup r on r.organization_id = a.organization_id and r.agent_id = a.id and r.minute >= $2
    where a.organization_id = $1 and a.deactivated_at is null and r.status <> 'rejected'
  ) counted
  group by id
) agents
where failed >= $3::float8 * ended and failed > 0
order by failed desc limit ${LISTED}`,
};

const REJECTED: Statement = {
  name: 'attention-rejected',
  text: `
select 'rejected' as kind, 'app' as "ownerKind", id as "ownerId", null::timestamptz as since, null::timestamptz as until,
  sum(count)::int as count, null::int as total
from (
  select a.id, t.count from app a
  join tally t on t.organization_id = a.organization_id and t.app_id = a.id and t.agent_id = '${EVERY}' and t.at >= $2
  where a.organization_id = $1 and a.deactivated_at is null and t.status = 'rejected'
  union all
  select a.id, r.count from app a
  join rollup r on r.organization_id = a.organization_id and r.app_id = a.id and r.minute >= $2
  where a.organization_id = $1 and a.deactivated_at is null and r.status = 'rejected'
) counted
group by id order by count desc limit ${LISTED}`,
};

const OLD_TOKENS: Statement = {
  name: 'attention-old-tokens',
  text: `
select 'token_old' as kind, "ownerKind", "ownerId", since, null::timestamptz as until, null::int as count, null::int as total
from (${both(
    (kind) => `
  select '${kind}' as "ownerKind", o.id as "ownerId", t.created_at as since
  from ${kind} o join ${kind}_token t on t.${kind}_id = o.id
  where o.organization_id = $1 and o.deactivated_at is null
    and t.revoked_at is null and t.expires_at is null and t.created_at < $2`,
  )}) old
order by since limit ${LISTED}`,
};
