import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parseConfig } from '../../server/config.ts';
import { examine } from '../../server/doctor.ts';
import { Mailbox } from '../graphql/mailbox.ts';
import { TestClock } from '../harness/clock.ts';
import { createTestDatabase, servingUrl } from '../harness/postgres.ts';
import type { TestDatabase } from '../harness/postgres.ts';

let database: TestDatabase;
beforeAll(async () => void (database = await createTestDatabase()));
afterAll(() => database.drop());

const findingsOf = (env: Record<string, string>, url = database.url, clock = new TestClock()) =>
  examine(parseConfig(env), { url, ownerUrl: database.url }, clock);

const about = async (topic: string, env: Record<string, string> = {}, url = database.url) =>
  (await findingsOf(env, url)).filter(({ text }) => text.includes(topic));

const onTheAuditLog = (url: string) => about('audit log', {}, url);

/** One statement as the owner of the database. */
async function sql(text: string): Promise<Record<string, unknown>[]> {
  // Also while the database's own setting is to refuse writes.
  const options = '-c default_transaction_read_only=off';
  const client = new pg.Client({ connectionString: database.url, options });
  await client.connect();
  const { rows } = await client.query<Record<string, unknown>>(text).finally(() => client.end());
  return rows;
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

/** A statement that makes PostgreSQL say something else of itself, to whoever connects to this database. */
const says = (
  setting: string,
  value: string,
) => `create function public.current_setting(text) returns text language sql
  as $$ select case $1 when '${setting}' then '${value}' else pg_catalog.current_setting($1) end $$;
  alter database ${name()} set search_path = public, pg_catalog`;

test('a PostgreSQL older than 15 is to be mended', async () => {
  const words = 'use 15 or newer';
  expect(await about(words)).toEqual([]);
  expect(await about('PostgreSQL')).toMatchObject([{ verdict: 'ok' }]);
  await sql(says('server_version_num', '140018'));
  try {
    expect(await about(words)).toMatchObject([{ verdict: 'mend' }]);
  } finally {
    await sql(`alter database ${name()} reset search_path; drop function public.current_setting(text)`);
  }
});

test('a database that allows too few connections is to be mended', async () => {
  const words = 'raise max_connections';
  expect(await about(words)).toEqual([]);
  expect(await about('connections')).toMatchObject([{ verdict: 'ok' }]);
  await sql(says('max_connections', '32'));
  try {
    expect(await about(words)).toMatchObject([
      { verdict: 'mend', text: expect.stringContaining('29 connections and Relay opens up to 31') },
    ]);
  } finally {
    await sql(`alter database ${name()} reset search_path; drop function public.current_setting(text)`);
  }
  await sql(`alter database ${name()} connection limit 20`);
  try {
    expect(await about(words)).toMatchObject([
      { verdict: 'mend', text: expect.stringContaining('20 connections') },
    ]);
  } finally {
    await sql(`alter database ${name()} connection limit -1`);
  }
});

test.each([-2_500, 2_500])('a clock that is %i ms off is to be mended', async (ms) => {
  expect(await about('clock')).toMatchObject([{ verdict: 'ok' }]);
  const clock = new TestClock();
  clock.jump(ms);
  const findings = await findingsOf({}, database.url, clock);
  expect(findings.filter(({ text }) => text.includes('clock'))).toMatchObject([{ verdict: 'mend' }]);
});

test('missing migrations are named, also to the serving role, and nothing is migrated', async () => {
  const [last] = await sql(
    'delete from migration where name = (select max(name) from migration) returning *',
  );
  const missing = String(last!['name']);
  try {
    for (const url of [database.url, servingUrl(database.url)]) {
      const findings = await examine(parseConfig({}), { url, ownerUrl: url }, new TestClock());
      const schema = findings.filter(({ text }) => text.includes('igrations are missing'));
      expect(schema).toMatchObject([{ verdict: 'mend', text: expect.stringContaining(`(${missing})`) }]);
    }
  } finally {
    await sql(`insert into migration (name, executed_at) values ('${missing}', now())`);
  }
  expect(await about('newest schema')).toMatchObject([{ verdict: 'ok' }]);
});

test('a database without any schema is told, and left as it was', async () => {
  const empty = await createTestDatabase('empty');
  const urls = { url: empty.url, ownerUrl: empty.url };
  const findings = await examine(parseConfig({}), urls, new TestClock());
  expect(findings.filter(({ text }) => text.includes('relay migrate'))).toMatchObject([{ verdict: 'mend' }]);
  const client = new pg.Client({ connectionString: empty.url });
  await client.connect();
  expect((await client.query(`select to_regclass('migration') as there`)).rows).toEqual([{ there: null }]);
  await client.end();
  await empty.drop();
});

test('a database out of reach is told beside all else that is to be mended', async () => {
  const server = createServer((socket) => socket.destroy()).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  const at = (change: (url: URL) => void) => {
    const url = new URL(database.url);
    change(url);
    return url.href;
  };
  const unusable: [string, string][] = [
    ['role or password is wrong (28P01)', at((url) => (url.password = 'another'))],
    ['the URL has none', at((url) => (url.password = ''))],
    ['no database of this name (3D000)', at((url) => (url.pathname = '/nothing-here'))],
    ['does not speak TLS', at((url) => url.searchParams.set('sslmode', 'verify-full'))],
    ['ended the connection', at((url) => (url.port = String(port)))],
    ['nothing listens at its address (ECONNREFUSED)', at((url) => (url.port = '1'))],
  ];
  for (const [words, url] of unusable) {
    const config = parseConfig({ HOST: '0.0.0.0', DATABASE_URL: url, RELAY_SECRET: 's'.repeat(32) });
    const findings = await examine(config, { url, ownerUrl: url }, new TestClock());
    const texts = findings.filter(({ verdict }) => verdict === 'mend').map(({ text }) => text);
    expect(texts).toContainEqual(expect.stringContaining('PUBLIC_URL'));
    expect(texts.at(-1)).toContain(words);
    expect(texts.at(-1)).toMatch(/^The database cannot be used: .*\. Check DATABASE_URL\.$/);
    expect(texts.at(-1)).not.toContain(new URL(url).port);
  }
  await new Promise((resolve) => server.close(resolve));
  // Somebody left midway in signing in would keep this waiting for a minute.
  await (await createTestDatabase('empty')).drop();
});

const ALONE: Record<string, string>[] = [{}, { PUBLIC_URL: 'http://localhost:4000' }];
const REACHABLE: Record<string, string>[] = [{ HOST: '0.0.0.0' }, { PUBLIC_URL: 'https://relay.test' }];

test('metrics that nobody can read are told', async () => {
  for (const env of REACHABLE) {
    expect(await about('/metrics', env)).toMatchObject([
      { verdict: 'weak', text: expect.stringContaining('RELAY_METRICS_TOKEN') },
    ]);
    expect(await about('/metrics', { ...env, RELAY_METRICS_TOKEN: 'for-prometheus-alone' })).toEqual([]);
  }
  for (const env of ALONE) expect(await about('/metrics', env)).toEqual([]);
});

test('sign-in codes that are printed where others can reach Relay are told', async () => {
  const words = 'RELAY_PRINT_CODES is on';
  for (const env of REACHABLE) {
    expect(await about(words, { ...env, RELAY_PRINT_CODES: '1' })).toMatchObject([{ verdict: 'weak' }]);
    expect(await about(words, { ...env, RELAY_PRINT_CODES: '0' })).toEqual([]);
  }
  // On by itself with the bundled database on loopback, whatever proxy stands in front.
  expect(await about(words, { PUBLIC_URL: 'https://relay.test' })).toMatchObject([{ verdict: 'weak' }]);
  for (const env of ALONE) expect(await about(words, { ...env, RELAY_PRINT_CODES: '1' })).toEqual([]);
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
