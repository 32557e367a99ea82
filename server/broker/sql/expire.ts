import type { Client } from 'pg';

/** Deletes a few rows in a transaction of their own; resolves to whether there may be more. */
export type Batch = () => Promise<boolean>;

const ROWS = 500;

/**
 * Events below an id, from the oldest on, but for those to keep.
 *
 * @param kept a condition on events
 */
export function expiredEvents(client: Client, table: string, below: string, kept: string): Batch {
  // Kept ones are passed once, not once a batch.
  let after = '';
  const text = `
with page as materialized (select id from "${table}" where id > $1 and id < $2 order by id limit ${ROWS}),
gone as (delete from "${table}" where id = any(array(select id from page)) and not ${kept})
select max(id) as last from page`;
  return async () => {
    const { rows } = await client.query<{ last: string | null }>(text, [after, below]);
    after = rows[0]?.last ?? '';
    return after !== '';
  };
}

/** Rows for which a condition holds, which an index has to find. It is asked again of each row when that is locked. */
export function expiredRows(client: Client, table: string, condition: string, values: unknown[]): Batch {
  const some = `select t.ctid from ${table} t where ${condition} limit ${ROWS}`;
  const text = `delete from ${table} t where t.ctid = any(array(${some})) and ${condition}`;
  return async () => (await client.query(text, values)).rowCount === ROWS;
}
