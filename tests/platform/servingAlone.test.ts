import { rmSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parseConfig } from '../../server/config.ts';
import { examine } from '../../server/doctor.ts';
import { systemClock } from '../../server/clock.ts';
import { createTestDatabase, run, servingUrl } from '../harness/postgres.ts';
import type { TestDatabase } from '../harness/postgres.ts';
import { TestProcess, temporaryFolder } from '../harness/process.ts';

/** What a process holds that serves without knowing the owner of the tables. */
const folder = temporaryFolder();
const env = {
  PORT: '0',
  RELAY_DATA_DIR: folder,
  RELAY_LOG_LEVEL: 'warn',
  RELAY_SECRET: randomBytes(32).toString('hex'),
};
let database: TestDatabase;
beforeAll(async () => void (database = await createTestDatabase()));
afterAll(async () => {
  await database.drop();
  rmSync(folder, { recursive: true, force: true });
});

const serving = () => ({ ...env, DATABASE_URL: servingUrl(database.url) });
const withOwner = () => ({ ...serving(), DATABASE_MIGRATION_URL: database.url });
const cli = (command: string, extra: Record<string, string>) =>
  new TestProcess('server/cli.ts', [command], extra);

async function findings(topic: string) {
  const url = servingUrl(database.url);
  return (await examine(parseConfig({}), { url, ownerUrl: url }, systemClock)).filter(({ text }) =>
    text.includes(topic),
  );
}

test('a server that does not know the owner of the tables is ready, and has nothing to complain of', async () => {
  const server = new TestProcess('server/main.ts', [], serving());
  const url = await server.url();
  expect((await fetch(`${url}/readyz`)).status).toBe(200);
  expect(await server.kill('SIGTERM')).toBe(0);
  expect(server.stderr).toBe('');
});

test('doctor accepts that, and tells who then keeps the history until it is kept', async () => {
  expect(await findings('audit log')).toMatchObject([{ verdict: 'ok' }]);
  expect(await findings('newest schema')).toMatchObject([{ verdict: 'ok' }]);
  expect(await findings('relay retain')).toMatchObject([{ verdict: 'mend' }]);
  const command = cli('retain', withOwner());
  expect([await command.ended, command.stderr]).toEqual([0, '']);
  expect(await findings('relay retain')).toMatchObject([{ verdict: 'ok' }]);
});

test('retain drops what is older than it is kept', async () => {
  await run(
    database.url,
    `create table event_20200102 (like event including defaults including constraints);
     alter table event attach partition event_20200102 for values from ('evt_0a') to ('evt_0b');
     insert into rate_limit (key, points, expire) values ('long ago', 1, 0)`,
  );
  const left = async () => {
    const rows = await run(
      database.url,
      `select (select count(*)::int from rate_limit where key = 'long ago') as limits,
      to_regclass('event_20200102') as week`,
    );
    return rows[0];
  };
  const kept = cli('retain', { ...withOwner(), RELAY_RETENTION_DAYS: '0' });
  expect(await kept.ended).toBe(0);
  expect(await left()).toEqual({ limits: 0, week: 'event_20200102' });
  expect(await cli('retain', withOwner()).ended).toBe(0);
  expect(await left()).toEqual({ limits: 0, week: null });
});

test('retain by a role that does not own the tables says so', async () => {
  const command = cli('retain', serving());
  expect(await command.ended).toBe(1);
  expect(command.stderr).toContain('DATABASE_MIGRATION_URL');
  expect(command.stderr).not.toContain('    at ');
});

test('a server that may not migrate says who has to', async () => {
  const [last] = await run(
    database.url,
    'delete from migration where name = (select max(name) from migration) returning name',
  );
  try {
    const server = new TestProcess('server/main.ts', [], serving());
    expect(await server.ended).toBe(1);
    expect(server.stderr).toContain('relay migrate');
    expect(server.stderr).toContain('DATABASE_MIGRATION_URL');
    expect(server.stderr).not.toContain('    at ');
  } finally {
    await run(
      database.url,
      `insert into migration (name, executed_at) values ('${String(last!['name'])}', now())`,
    );
  }
});
