import { afterEach, expect, test } from 'vitest';
import { migrate, pendingMigrations } from '../../server/database/migrator.ts';
import { openOrm } from '../../server/database/orm.ts';
import { createLog } from '../../server/log.ts';
import { createTestDatabase } from '../harness/postgres.ts';
import type { TestDatabase } from '../harness/postgres.ts';

const log = createLog('silent');
const databases: TestDatabase[] = [];
async function database(kind: 'migrated' | 'empty'): Promise<string> {
  const made = await createTestDatabase(kind);
  databases.push(made);
  return made.url;
}
afterEach(async () => {
  for (const made of databases.splice(0)) await made.drop();
});

test('the migrations make exactly what the entities describe', async () => {
  const orm = await openOrm(await database('migrated'));
  try {
    expect(await orm.schema.getUpdateSchemaSQL({ wrap: false })).toBe('');
  } finally {
    await orm.close(true);
  }
});

test('starting twice, and two at once, migrates once', async () => {
  const url = await database('empty');
  await Promise.all([migrate(url, url, log), migrate(url, url, log), migrate(url, url, log)]);
  await migrate(url, url, log);
  expect(await pendingMigrations(url)).toEqual([]);
});
