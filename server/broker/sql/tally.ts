import type { Client, ClientBase } from 'pg';
import { EVERY, ranges } from '../../domain/stats.ts';

const KEY = 'organization_id, app_id, agent_id, at, status, bucket';
const MERGE = `on conflict (${KEY}) do update set count = tally.count + excluded.count`;
/** Rollups that move in one transaction. */
const MOST = 50_000;
/** How far the clocks of those who read may be behind, milliseconds. */
const BEHIND_MS = 300_000;

const steps = Object.values(ranges).map(({ step }) => step);
/** The longest step of any: every tally lies in one. */
export const LONGEST_STEP_MS = Math.max(...steps);

/** A time's step: of the shortest chart that reaches back to it. The parameters from $2 on say until when a chart does not. */
function stepOf(time: string): string {
  const coarser = steps.slice(1).map((step, place) => ({ step, until: `$${place + 2}::timestamptz` }));
  const cases = coarser
    .reverse()
    .map(({ step, until }) => `when ${time} < ${until} then ${binned(time, step)}`);
  return `case ${cases.join(' ')} else ${time} end`;
}

/** The beginning of a step of `ms` milliseconds; steps are counted from the epoch. */
export function binned(time: string, ms: number): string {
  return `date_bin('${ms} ms', ${time}, 'epoch'::timestamptz)`;
}

/** For each range but the longest, the time it no longer reaches: a whole step of the next longer one. */
function reaches(now: number): Date[] {
  return Object.values(ranges)
    .slice(0, -1)
    .map(({ span }, place) => floor(now - span - BEHIND_MS, steps[place + 1]!));
}

function floor(time: number, step: number): Date {
  return new Date(Math.floor(time / step) * step);
}

const MOVE = {
  name: 'tally-move',
  // Whoever counts must not wait for whoever sums up, nor the other way round: a row being counted is left for the next time.
  text: `
with moved as (
  delete from rollup where ctid = any (array(select ctid from rollup where minute < $1 limit ${MOST} for update skip locked))
  returning *
), summed as (
  insert into tally (${KEY}, count)
  select organization_id, case when grouping(app_id) = 1 then '${EVERY}' else app_id end,
    case when grouping(agent_id) = 1 then '${EVERY}' else agent_id end, at, status, bucket, sum(count)
  from (select *, ${stepOf('minute')} as at from moved) finished
  group by organization_id, at, status, bucket, grouping sets ((), (app_id), (agent_id), (app_id, agent_id))
  ${MERGE}
)
select count(*)::int as count from moved`,
};

/** Moves some of the rollups of minutes before `end` into tallies; resolves to their number. */
export async function moveRollups(client: ClientBase, now: number, end: Date): Promise<number> {
  const { rows } = await client.query<{ count: number }>({ ...MOVE, values: [end, ...reaches(now)] });
  return rows[0]?.count ?? 0;
}

// No tally that is added to is one that moves: it already stands at the beginning of its step.
const COARSEN = {
  name: 'tally-coarsen',
  text: `
with moved as (
  delete from tally where at < $1 and at <> ${stepOf('at')} returning *
)
insert into tally (${KEY}, count)
select organization_id, app_id, agent_id, ${stepOf('at')}, status, bucket, sum(count) from moved group by 1, 2, 3, 4, 5, 6
${MERGE}`,
};

/** Joins the tallies that no chart needs as fine as they are. */
export async function joinTallies(client: Client, now: number): Promise<void> {
  const until = reaches(now);
  await client.query({ ...COARSEN, values: [until[0], ...until] });
}
