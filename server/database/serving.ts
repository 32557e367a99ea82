import type { Client } from 'pg';

/** In it the serving role may not change what is there. */
export const APPEND_ONLY = 'audit_entry';
const MIGRATIONS = 'migration';

/** The role a connection URL names. */
export function roleOf(url: string): string {
  return decodeURIComponent(new URL(url).username);
}

/**
 * Gives the serving role what Relay needs and no more: rows of every table, but in the audit log only to add and to read, and
 * no way to change the schema. Partitions are reached through their parent. `client` is the owner's.
 */
export async function grantServing(client: Client, role: string): Promise<void> {
  const { rows } = await client.query<{ tables: string | null; name: string }>(
    `select string_agg(format('%I.%I', n.nspname, c.relname), ', ') as tables, quote_ident($1) as name
       from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where n.nspname = current_schema() and c.relkind in ('r', 'p') and not c.relispartition
        and c.relname not in ('${APPEND_ONLY}', '${MIGRATIONS}')`,
    [role],
  );
  for (const { tables, name } of rows) {
    // All at once, so that a node that serves meanwhile never stands without its rights.
    await client.query('begin');
    await client.query(`revoke all on ${APPEND_ONLY}, ${MIGRATIONS} from ${name}`);
    await client.query(`grant select, insert on ${APPEND_ONLY} to ${name}`);
    await client.query(`grant select on ${MIGRATIONS} to ${name}`);
    await client.query(`grant select, insert, update, delete on ${tables} to ${name}`);
    await client.query(`grant usage on sequence node_epoch_seq to ${name}`);
    await client.query('commit');
  }
}
