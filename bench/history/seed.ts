import type pg from 'pg';
import { moveRollups } from '../../server/broker/sql/tally.ts';
import { eventIdFloor } from '../../server/domain/eventId.ts';
import { latencyBounds } from '../../server/domain/latency.ts';

const DAY_MS = 86_400_000;
const WEEK_MS = 7 * DAY_MS;
const DAYS = 28;

/** Nine digits of base 36 of an expression in milliseconds, as event ids begin. */
function base36(expression: string): string {
  const digits = Array.from({ length: 9 }, (_, place) => {
    const digit = `(${expression} / ${36 ** (8 - place)} % 36)::int + 1`;
    return `substr('0123456789abcdefghijklmnopqrstuvwxyz', ${digit}, 1)`;
  });
  return digits.join(' || ');
}

/**
 * Fills the last four weeks with `count` events, evenly spread, of ten apps and five agents, with their rollups. Each
 * week's partition is filled before it gets its indexes.
 */
export async function seedHistory(db: pg.Pool, count: number): Promise<void> {
  await db.query(`insert into app (id, organization_id, slug, name, created_at)
    select gen_random_uuid(), id, 'history-' || n, 'History ' || n, now() from organization, generate_series(1, 10) n`);
  await db.query(`insert into agent (id, organization_id, slug, name, created_at)
    select gen_random_uuid(), id, 'reader-' || n, 'Reader ' || n, now() from organization, generate_series(1, 5) n`);
  const end = Math.floor(Date.now() / 60_000) * 60_000;
  const start = end - DAYS * DAY_MS;
  const gap = (end - start) / count;
  for (let week = Math.floor(start / WEEK_MS); week * WEEK_MS < end; week += 1) {
    const first = Math.max(0, Math.ceil((week * WEEK_MS - start) / gap));
    const last = Math.min(count, Math.ceil(((week + 1) * WEEK_MS - start) / gap)) - 1;
    await seedWeek(db, week, first, last, `(${start} + floor(n * ${gap}::float8))::bigint`);
  }
  await db.query(`insert into rollup (organization_id, minute, app_id, agent_id, status, bucket, count)
    select organization_id, date_trunc('minute', settled_at), app_id, agent_id, status,
      case when status = 'delivered' then width_bucket(latency_ms - 1, array[${latencyBounds.slice(0, -1).join(',')}]) else -1 end,
      count(*) from event where app_id in (select id from app where slug like 'history-%') group by 1, 2, 3, 4, 5, 6`);
  await sumUp(db, end);
  await db.query('analyze');
}

/** As the server does every minute with those that are over. */
async function sumUp(db: pg.Pool, now: number): Promise<void> {
  const client = await db.connect();
  while ((await moveRollups(client, now, new Date(now))) > 0);
  client.release();
}

async function seedWeek(db: pg.Pool, week: number, first: number, last: number, ms: string): Promise<void> {
  const name = `event_${new Date(week * WEEK_MS).toISOString().slice(0, 10).replaceAll('-', '')}`;
  const { rows } = await db.query<{ exists: boolean }>(`select to_regclass($1) is not null as exists`, [
    name,
  ]);
  const exists = rows[0]?.exists === true;
  if (!exists) await db.query(`create table ${name} (like event including defaults including constraints)`);
  await db.query(`with a as (select array_agg(id order by slug) as ids, min(organization_id::text)::uuid as org from app where slug like 'history-%'),
      g as (select array_agg(id order by slug) as ids from agent where slug like 'reader-%')
    insert into ${name} (id, organization_id, app_id, agent_id, agent_slug, thread_id, status, origin, payload, accepted_at,
      dispatched_at, first_token_at, settled_at, handed_over_at, attempts, latency_ms, reply_content, error_code)
    select 'evt_' || ${base36('ms')} || '0000' || lpad((n % 1000)::text, 3, '0'), a.org, a.ids[1 + n % 10], g.ids[1 + n % 5 ],
      'reader-' || (1 + n % 5), 'thread-' || (n / 20), status, 'app', '{"text":"What is the state of the project?","n":' || n || '}', at,
      at, at, at + interval '1 ms' * latency, at + interval '1 ms' * latency, 1,
      case when status = 'delivered' then latency end, case when status = 'delivered' then '"All is well with it."' end,
      case when status = 'failed' then 'AGENT_TIMEOUT' when status = 'rejected' then 'NOT_ALLOWED' end
    from a, g, (select n, ms, to_timestamp(ms / 1000.0) as at, 200 + (n * 7919 % 2000)::int as latency,
      case when n % 100 < 96 then 'delivered' when n % 100 < 99 then 'failed' else 'rejected' end as status
      from (select n, ${ms} as ms from generate_series(${first}::bigint, ${last}::bigint) n) numbered) rows`);
  const bounds = [week, week + 1].map((at) => `('${eventIdFloor(at * WEEK_MS)}')`);
  if (!exists)
    await db.query(`alter table event attach partition ${name} for values from ${bounds[0]} to ${bounds[1]}`);
}
