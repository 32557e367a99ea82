import type { Orm } from './orm.ts';

const PATIENCE_MS = 3_000;

/** One sentence per reason why the database cannot serve now; empty when it can. Takes at most three seconds. */
export async function databaseFaults(orm: Orm): Promise<string[]> {
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<string[]>((resolve) => {
    timer = setTimeout(() => resolve(['The database does not answer.']), PATIENCE_MS);
  });
  try {
    return await Promise.race([patience, check(orm)]);
  } finally {
    clearTimeout(timer);
  }
}

async function check(orm: Orm): Promise<string[]> {
  try {
    const pending = await orm.migrator.getPending();
    return pending.length === 0
      ? []
      : [`Migrations are missing: ${pending.map((one) => one.name).join(', ')}.`];
  } catch {
    return ['The database cannot be reached.'];
  }
}
