import type { Client } from 'pg';
import { HAS_CONTENT, unfinished, withoutContent } from '../../domain/contentRules.ts';
import { ACCEPT_CONNECTION } from './accept.ts';
import { eventIdFloor } from '../../domain/eventId.ts';

/** The contents of an app's events that were accepted before a time, ms since the epoch. */
export interface Unwanted {
  appId: string;
  at: Date;
}

const ROWS = 200;
/**
 * How far a node's clock may step back, ms, which its ids do not: they can be that much later than the time of acceptance,
 * which decides.
 */
const STEP_BACK_MS = 3_600_000;

export async function unwantedContents(client: Pick<Client, 'query'>): Promise<Unwanted[]> {
  const { rows } = await client.query<Unwanted>(
    `select id as "appId", contents_unwanted_at as at from app where contents_unwanted_at is not null and contents_deleted_at is null`,
  );
  return rows;
}

/**
 * Deletes the contents of the next few events. `last`: where the next batch goes on, null when there is none; `kept`: just
 * before the first event of this batch that somebody still needs, null when there is none.
 *
 * @param after an event id, or '' to begin with the oldest
 */
export async function eraseBatch(
  client: Client,
  { appId, at }: Unwanted,
  after: string,
  now: number,
): Promise<{ last: string | null; kept: string | null }> {
  const { rows } = await client.query<{ last: string | null; kept: string | null }>(
    `with page as materialized (
       select id, ${unfinished(now)} as needed, lag(id, 1, $3::text) over (order by id) as before
       from event where app_id = $2 and id > $3::text and id < $4 and accepted_at < $5 order by id limit ${ROWS}),
     gone as (
       update event set ${withoutContent('$1')}
       where id = any(array(select id from page where not needed)) and ${HAS_CONTENT})
     select max(id) as last, min(before) filter (where needed) as kept from page`,
    [new Date(now), appId, after, eventIdFloor(at.getTime() + STEP_BACK_MS), at],
  );
  return rows[0] ?? { last: null, kept: null };
}

/**
 * Whether what was begun before a time, to record events, may still be committed: a commit that hangs in PostgreSQL is ended
 * by no timeout.
 */
export async function mayStillTurnUp(client: Client, begunBefore: Date): Promise<boolean> {
  const { rows } = await client.query<{ there: boolean }>(
    `select exists (select from pg_stat_activity
       where datname = current_database() and application_name = $1 and xact_start < $2) as there`,
    [ACCEPT_CONNECTION, begunBefore],
  );
  return rows[0]?.there === true;
}

/** Notes that nothing is left, unless more became unwanted meanwhile. */
export async function finishErasure(client: Client, { appId, at }: Unwanted, now: number): Promise<boolean> {
  const { rowCount } = await client.query(
    'update app set contents_deleted_at = $1 where id = $2 and contents_unwanted_at = $3',
    [new Date(now), appId, at],
  );
  return rowCount === 1;
}
