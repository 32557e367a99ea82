import type { Sql } from './seed.ts';

/** Every row of every table as JSON, by the table's name: all there is to find in a stolen database. */
export async function dumpOf(sql: Sql): Promise<Map<string, string[]>> {
  const tables = await sql(
    `select c.oid::regclass::text as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where c.relkind in ('r', 'm') and n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast')`,
  );
  const dump = new Map<string, string[]>();
  for (const { name } of tables) {
    const rows = await sql(`select row_to_json(t)::text as row from ${String(name)} t order by 1`);
    dump.set(
      String(name),
      rows.map(({ row }) => String(row)),
    );
  }
  return dump;
}
