import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parseConfig } from '../../server/config.ts';
import { examine } from '../../server/doctor.ts';
import { Mailbox } from '../graphql/mailbox.ts';
import { createTestDatabase, servingUrl } from '../harness/postgres.ts';
import type { TestDatabase } from '../harness/postgres.ts';

let database: TestDatabase;
beforeAll(async () => void (database = await createTestDatabase()));
afterAll(() => database.drop());

const findingsOf = (env: Record<string, string>, url = database.url) =>
  examine(parseConfig(env), { url, ownerUrl: database.url });

const about = async (topic: string, env: Record<string, string> = {}, url = database.url) =>
  (await findingsOf(env, url)).filter(({ text }) => text.includes(topic));

const onTheAuditLog = (url: string) => about('audit log', {}, url);

/** One statement as the owner of the database. */
async function sql(text: string): Promise<void> {
  // Also while the database's own setting is to refuse writes.
  const options = '-c default_transaction_read_only=off';
  const client = new pg.Client({ connectionString: database.url, options });
  await client.connect();
  await client.query(text).finally(() => client.end());
}

test('a single role is told to be weaker, and how to do better', async () => {
  expect(await onTheAuditLog(database.url)).toEqual([
    { verdict: 'weak', text: expect.stringContaining('DATABASE_MIGRATION_URL') },
  ]);
});

test('a serving role that owns nothing is fine', async () => {
  expect(await onTheAuditLog(servingUrl(database.url))).toMatchObject([{ verdict: 'ok' }]);
});

const name = () => new URL(database.url).pathname.slice(1);

test.each([
  ['synchronous_commit', 'off', 'a crash can lose accepted events'],
  ['default_transaction_read_only', 'on', 'read-only'],
])('a database with %s %s is to be mended', async (setting, value, words) => {
  await sql(`alter database ${name()} set ${setting} = ${value}`);
  try {
    expect(await about(words)).toMatchObject([{ verdict: 'mend' }]);
  } finally {
    await sql(`alter database ${name()} reset ${setting}`);
  }
  expect((await findingsOf({})).filter(({ text }) => text.includes(words))).toEqual([]);
});

test('a database that would lose accepted events in a power cut is to be mended', async () => {
  // The tests' own PostgreSQL is such a one.
  expect(await about('fsync')).toMatchObject([{ verdict: 'mend' }]);
  expect(await about('full_page_writes')).toMatchObject([{ verdict: 'mend' }]);
});

test('a proxy that is not trusted, and plain http, are told', async () => {
  expect(await about('RELAY_TRUSTED_PROXIES', { PUBLIC_URL: 'https://relay.test' })).toMatchObject([
    { verdict: 'weak' },
  ]);
  const trusting = { PUBLIC_URL: 'https://relay.test', RELAY_TRUSTED_PROXIES: '10.0.0.0/8' };
  expect(await about('RELAY_TRUSTED_PROXIES', trusting)).toEqual([]);
  expect(await about('plain http', { PUBLIC_URL: 'http://relay.test' })).toMatchObject([{ verdict: 'mend' }]);
});

test('a mail server that answers is fine, and one that does not is told without its credentials', async () => {
  const mailbox = new Mailbox();
  const url = await mailbox.listen();
  expect(await about('mail server', { SMTP_URL: url })).toMatchObject([{ verdict: 'ok' }]);
  await mailbox.close();
  const gone = url.replace('smtp://', 'smtp://someone:hidden@');
  const findings = await about('mail server', { SMTP_URL: gone });
  expect(findings).toMatchObject([{ verdict: 'mend', text: expect.stringContaining('SMTP_URL') }]);
  expect(JSON.stringify(findings)).not.toContain('hidden');
});
