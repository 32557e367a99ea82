import pg from 'pg';
import { expect } from 'vitest';
import type { Room } from '../harness/room.ts';

/** Holds up whatever is to be recorded in the audit log. */
export const AUDIT = 'lock table audit_entry in share mode';

export const times = <T>(count: number, ask: () => Promise<T>) => Array.from({ length: count }, () => ask);

export const typesOf = (answers: { __typename: string }[]) => answers.map(({ __typename }) => __typename);

/** What meets at the same moment. */
export function togetherIn(room: Room) {
  /** How many statements wait for a lock on this Relay's database. */
  async function waiting(): Promise<number> {
    const sql = `select count(*)::int as n from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
    return Number((await room.relay.sql(sql))[0]!['n']);
  }

  /** Asks one after the other, each while those before it are held up on their way by what `hold` locks; then lets all go on. */
  async function together<T>(hold: string, asked: (() => Promise<T>)[]): Promise<T[]> {
    const holder = new pg.Client({ connectionString: room.relay.databaseUrl });
    await holder.connect();
    const answers: Promise<T>[] = [];
    try {
      await holder.query(`begin; ${hold}`);
      for (const ask of asked) {
        answers.push(ask());
        await expect.poll(waiting).toBe(answers.length);
      }
    } finally {
      await holder.end();
    }
    return Promise.all(answers);
  }

  /** How many entries of one kind the audit log of the room's organization has. */
  async function recorded(action: string): Promise<number> {
    const sql = 'select 1 from audit_entry where organization_id = $1 and action = $2';
    return (await room.relay.sql(sql, [room.seed.organizationId, action])).length;
  }

  return { waiting, together, recorded };
}
