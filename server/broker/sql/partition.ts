import type { Client } from 'pg';
import { eventIdFloor } from '../../domain/eventId.ts';

export const WEEK_MS = 7 * 86_400_000;
/** Where events are whose week has no partition of its own: unfinished ones that outlived theirs. */
export const DEFAULT_PARTITION = 'event_default';

/** Names of the partitions of `event`, the default one among them. */
export async function partitions(client: Client): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    `select c.relname as name from pg_inherits i join pg_class c on c.oid = i.inhrelid where i.inhparent = 'event'::regclass`,
  );
  return rows.map((row) => row.name);
}

/** Whether the role of this connection owns the events, and so may make and drop their partitions; null: there are none yet. */
export async function ownsEvents(client: Client): Promise<boolean | null> {
  const { rows } = await client.query<{ owns: boolean }>(
    `select pg_has_role(current_user, relowner, 'usage') as owns from pg_class where oid = to_regclass('event')`,
  );
  return rows[0]?.owns ?? null;
}

/**
 * Makes the partition of a week, and takes along what the default partition holds of it, as after a pause longer than the
 * weeks ahead. Other work waits while this runs, so it goes to PostgreSQL as one message. It waits at the events as a whole:
 * a statement that was let through to the default partition would not find what moved, or add to the wrong one and be
 * refused. Rejects with 55P03 when somebody else's statement is not over within the session's `lock_timeout`.
 */
export async function attachWeek(client: Client, week: number): Promise<void> {
  const name = partitionOf(week);
  const [from, to] = [eventIdFloor(week * WEEK_MS), eventIdFloor((week + 1) * WEEK_MS)];
  await client.query(`
create table "${name}" (like event including defaults including constraints);
lock table only event, only ${DEFAULT_PARTITION} in access exclusive mode;
with moved as (delete from ${DEFAULT_PARTITION} where id >= '${from}' and id < '${to}' returning *)
insert into "${name}" select * from moved;
alter table event attach partition "${name}" for values from ('${from}') to ('${to}')`);
}

/**
 * Drops a partition but for the events to keep, which move to the default one. Other work waits while this runs, so it goes to
 * PostgreSQL as one message, and finds by an index what is to be kept. Rejects with 55P03 when somebody
 * else's statement is not over within the session's `lock_timeout`.
 *
 * @param kept a condition on events, true for few of them
 */
export async function dropPartition(client: Client, name: string, kept: string): Promise<void> {
  await client.query(`
alter table event detach partition "${name}";
insert into ${DEFAULT_PARTITION} select * from "${name}" where ${kept};
drop table "${name}"`);
}

/** Whether more than so many events of a partition are to be kept. */
export async function keepsMoreThan(
  client: Client,
  count: number,
  name: string,
  kept: string,
): Promise<boolean> {
  const { rowCount } = await client.query(`select from "${name}" where ${kept} limit ${count + 1}`);
  return (rowCount ?? 0) > count;
}

/** Partitions are named by the day their week begins. */
export function partitionOf(week: number): string {
  return `event_${new Date(week * WEEK_MS).toISOString().slice(0, 10).replaceAll('-', '')}`;
}

/** The week (since the epoch) of a partition; null for the default one. */
export function weekOf(name: string): number | null {
  const [, year, month, day] = /^event_(\d{4})(\d{2})(\d{2})$/.exec(name) ?? [];
  return year === undefined ? null : Date.UTC(Number(year), Number(month) - 1, Number(day)) / WEEK_MS;
}
