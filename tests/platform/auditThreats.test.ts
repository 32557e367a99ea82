import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { parseConfig } from '../../server/config.ts';
import { migrate } from '../../server/database/migrator.ts';
import { examine } from '../../server/doctor.ts';
import { createLog } from '../../server/log.ts';
import { TestClock } from '../harness/clock.ts';
import { createTestDatabase, createTestRole, run } from '../harness/postgres.ts';
import type { TestDatabase, TestRole } from '../harness/postgres.ts';

/** Owns the tables; no superuser, as in a database that is well set up. */
let owner: TestRole;
/** A role between others. */
let other: TestRole;
beforeAll(async () => void ([owner, other] = [await createTestRole(), await createTestRole()]));
afterAll(async () => void (await owner.drop(), await other.drop()));

let database: TestDatabase;
let serving: TestRole;
beforeEach(async () => {
  database = await createTestDatabase('empty');
  serving = await createTestRole();
  await run(database.url, `grant create, usage on schema public to ${owner.name}`);
  await migrate(owner.at(database.url), serving.at(database.url), createLog('silent'));
});
afterEach(async () => {
  await database.drop();
  await serving.drop();
});

const names = () => ({
  OWNER: owner.name,
  OTHER: other.name,
  SERVING: serving.name,
  DATABASE: new URL(database.url).pathname.slice(1),
});

/** A text in which roles and database stand in capitals. */
const filled = (text: string): string =>
  Object.entries(names()).reduce((all, [word, name]) => all.replaceAll(word, name), text);

async function findings(): Promise<{ verdict: string; text: string }[]> {
  const urls = { url: serving.at(database.url), ownerUrl: owner.at(database.url) };
  const found = await examine(parseConfig({}), urls, new TestClock());
  return found.filter(({ text }) => text.includes('audit log'));
}

const DROP = 'drop table audit_entry';

interface Case {
  /** What makes it so, as a superuser. */
  made: string;
  /** What the serving role can then do. */
  proof?: string;
  /** What is said: why, and what to do. */
  why: string;
  cure: string;
  /** What of it outlives the database. */
  undone?: string;
}

const CASES: Record<string, Case> = {
  'is a superuser': {
    made: 'alter role SERVING superuser',
    proof: DROP,
    why: 'it is a superuser',
    cure: 'alter role "SERVING" nosuperuser',
  },
  'owns the table': {
    made: 'alter table audit_entry owner to SERVING',
    proof: DROP,
    why: 'it owns the table',
    cure: 'alter table audit_entry owner to another role',
  },
  'owns the schema': {
    made: 'alter schema public owner to SERVING',
    proof: DROP,
    why: 'it owns the schema "public"',
    cure: 'alter schema "public" owner to another role',
  },
  'owns the database': {
    made: 'alter database DATABASE owner to SERVING',
    proof: DROP,
    why: 'it owns the database',
    cure: 'alter database "DATABASE" owner to another role',
  },
  'may delete entries': {
    made: 'grant delete on audit_entry to SERVING',
    why: 'it may change or delete entries, or add triggers',
    cure: 'revoke update, delete, truncate, trigger on audit_entry from "SERVING"',
  },
  'belongs to the owner': {
    made: 'grant OWNER to SERVING',
    proof: DROP,
    why: 'it is a member of "OWNER", which owns the table',
    cure: 'revoke "OWNER" from "SERVING"',
  },
  'belongs to the owner without inheriting': {
    made: 'alter role SERVING noinherit; grant OWNER to SERVING',
    proof: 'set role OWNER; alter table audit_entry disable trigger all; delete from audit_entry',
    why: 'it is a member of "OWNER", which owns the table',
    cure: 'revoke "OWNER" from "SERVING"',
  },
  'belongs to the owner through another role': {
    made: 'grant OWNER to OTHER; grant OTHER to SERVING',
    proof: DROP,
    why: 'it is a member of "OWNER", which owns the table',
    cure: 'revoke "OWNER" from "SERVING", or from the role between them',
    undone: 'revoke OWNER from OTHER',
  },
  'may grant itself the owner': {
    made: 'grant OWNER to SERVING with admin true, inherit false, set false',
    proof: `grant OWNER to SERVING with set true; set role OWNER; ${DROP}`,
    why: 'it is a member of "OWNER", which owns the table',
    cure: 'revoke "OWNER" from "SERVING"',
  },
  'belongs to a superuser': {
    made: 'alter role OTHER superuser; grant OTHER to SERVING',
    proof: `set role OTHER; ${DROP}`,
    why: 'it is a member of "OTHER", which is a superuser',
    cure: 'revoke "OTHER" from "SERVING"',
    undone: 'alter role OTHER nosuperuser',
  },
  'belongs to who owns the database': {
    made: 'alter database DATABASE owner to OTHER; grant OTHER to SERVING',
    proof: DROP,
    why: 'it is a member of "OTHER", which owns the database',
    cure: 'revoke "OTHER" from "SERVING"',
  },
  'belongs without inheriting to who may change entries': {
    made: 'grant update on audit_entry to OTHER; grant OTHER to SERVING with inherit false',
    why: 'it is a member of "OTHER", which may change or delete entries, or add triggers',
    cure: 'revoke "OTHER" from "SERVING"',
  },
  'may run programs as PostgreSQL does': {
    made: 'grant pg_execute_server_program to SERVING',
    proof: `copy (select 1) to program 'cat >/dev/null'`,
    why: 'it is a member of "pg_execute_server_program", which may write to the files of the database',
    cure: 'revoke "pg_execute_server_program" from "SERVING"',
  },
};

/** Judges as an older PostgreSQL would be judged, whose version this one says it has. */
const OLDER = `create function public.current_setting(text) returns text language sql as
  $$ select case $1 when 'server_version_num' then '150013' else pg_catalog.current_setting($1) end $$;
  alter database DATABASE set search_path = public, pg_catalog`;

describe('doctor calls the audit log weaker where the serving role', () => {
  test.each(Object.entries(CASES))('%s', async (_name, { made, proof, why, cure, undone }) => {
    await run(database.url, filled(made));
    try {
      if (proof) await run(serving.at(database.url), filled(`begin; ${proof}; rollback`));
      const [finding, ...more] = await findings();
      expect(more).toEqual([]);
      expect(finding).toEqual({ verdict: 'weak', text: expect.stringContaining(filled(why)) });
      expect(finding!.text).toContain(`"${serving.name}"`);
      expect(finding!.text).toContain(filled(cure));
    } finally {
      if (undone) await run(database.url, filled(undone));
    }
  });

  test('may make roles, where PostgreSQL lets it make any of them its own', async () => {
    await run(database.url, filled('alter role SERVING createrole'));
    expect(await findings()).toMatchObject([{ verdict: 'ok' }]);
    await run(database.url, filled(OLDER));
    const [finding] = await findings();
    expect(finding).toEqual({ verdict: 'weak', text: expect.stringContaining('CREATEROLE') });
    expect(finding!.text).toContain(filled('alter role "SERVING" nocreaterole'));
    await run(
      database.url,
      filled('alter role SERVING nocreaterole; grant OTHER to SERVING; alter role OTHER createrole'),
    );
    expect((await findings())[0]!.text).toContain(filled('it is a member of "OTHER", which'));
    await run(database.url, filled('alter role OTHER nocreaterole'));
  });

  test('does several of these: each is named', async () => {
    await run(database.url, filled('alter schema public owner to SERVING; grant OWNER to SERVING'));
    const [finding] = await findings();
    for (const why of ['it owns the schema', 'it is a member of "OWNER"']) {
      expect(finding!.text).toContain(filled(why));
    }
  });
});

test.each([
  ['owns nothing', 'select'],
  ['passes row-level security', 'alter role SERVING bypassrls'],
  ['may make roles, of which none is its own', 'alter role SERVING createrole'],
  ['belongs to a role that owns nothing', 'grant OTHER to SERVING'],
])('doctor finds the audit log fine where the serving role %s', async (_name, made) => {
  await run(database.url, filled(made));
  expect(await findings()).toMatchObject([{ verdict: 'ok' }]);
});
