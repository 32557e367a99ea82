import { afterAll, beforeAll, expect, test } from 'vitest';
import { parseConfig } from '../../server/config.ts';
import { examine } from '../../server/doctor.ts';
import { createTestDatabase, servingUrl } from '../harness/postgres.ts';
import type { TestDatabase } from '../harness/postgres.ts';

let database: TestDatabase;
beforeAll(async () => void (database = await createTestDatabase()));
afterAll(() => database.drop());

async function onTheAuditLog(url: string) {
  const findings = await examine(parseConfig({}), { url, ownerUrl: database.url });
  return findings.filter(({ text }) => text.includes('audit log'));
}

test('a single role is told to be weaker, and how to do better', async () => {
  expect(await onTheAuditLog(database.url)).toEqual([
    { verdict: 'weak', text: expect.stringContaining('DATABASE_MIGRATION_URL') },
  ]);
});

test('a serving role that owns nothing is fine', async () => {
  expect(await onTheAuditLog(servingUrl(database.url))).toMatchObject([{ verdict: 'ok' }]);
});
