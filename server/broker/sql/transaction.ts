import type { Client } from 'pg';

/** Runs the work in one transaction on a connection of its own; rolls back and rethrows when it fails. */
export async function inTransaction<T>(client: Client, work: () => Promise<T>): Promise<T> {
  await client.query('begin');
  try {
    const result = await work();
    await client.query('commit');
    return result;
  } catch (error) {
    // A connection that broke cannot roll back, and need not.
    await client.query('rollback').catch(() => undefined);
    throw error;
  }
}
