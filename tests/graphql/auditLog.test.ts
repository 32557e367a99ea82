import pg from 'pg';
import { describe, expect, test } from 'vitest';
import { servingUrl } from '../harness/postgres.ts';
import { useRelay } from '../harness/room.ts';
import type { Person, Variables } from './api.ts';
import { script } from './api.ts';
import { setStage } from './decisions.ts';

const room = useRelay();

describe('the log', () => {
  const LOG = `query L($s: String!, $f: AuditFilter, $first: Int, $after: String) { organization(slug: $s) {
    auditLog(filter: $f, first: $first, after: $after) {
      edges { node { action actor actorKind target details { name value } address at } }
      pageInfo { hasNextPage endCursor } } } }`;
  const log = async (person: Person, variables: Variables = {}) => {
    const { data } = await person.ask(LOG, { s: room.seed.slug, ...variables });
    const { edges, pageInfo } = data.organization.auditLog;
    return { nodes: edges.map((edge: { node: object }) => edge.node), pageInfo };
  };

  test('is read newest first, a page at a time, by members as well', async () => {
    const { owner, app, member } = await setStage(room);
    for (const name of ['One', 'Two', 'Three']) await owner.mutate('updateApp', { id: app, name });
    const first = await log(member.person, { first: 2 });
    expect(first.nodes[0]).toMatchObject({
      action: 'APP_RENAMED',
      actor: owner.email,
      actorKind: 'PERSON',
      details: [
        { name: 'from', value: 'Two' },
        { name: 'to', value: 'Three' },
      ],
    });
    const rest = await log(member.person, { first: 2, after: first.pageInfo.endCursor });
    expect(rest.nodes[0].details[1]).toEqual({ name: 'to', value: 'One' });
    expect(rest.pageInfo.hasNextPage).toBe(false);
  });

  test('is filtered by actor, action and time', async () => {
    const { owner, app } = await setStage(room);
    await owner.mutate('updateApp', { id: app, name: 'By a person' });
    room.clock.advance(60_000);
    const noon = new Date(room.clock.now()).toISOString();
    await script(room).mutate('deactivateApp', { id: app });
    const actions = async (f: Variables) =>
      (await log(owner, { f })).nodes.map((node: { action: string }) => node.action);
    expect(await actions({ actor: owner.email.toUpperCase() })).toEqual(['APP_RENAMED']);
    expect(await actions({ actor: 'tests (owner@' })).toEqual(['APP_DEACTIVATED']);
    expect(await actions({ actor: '%' })).toEqual([]);
    expect(await actions({ actions: ['APP_DEACTIVATED', 'APP_REACTIVATED'] })).toEqual(['APP_DEACTIVATED']);
    expect(await actions({ from: noon })).toEqual(['APP_DEACTIVATED']);
    expect(await actions({ to: noon })).toEqual(['APP_RENAMED']);
  });

  test('cannot be rewritten: by the serving role for want of the right, by the owner for the trigger', async () => {
    const { owner, app } = await setStage(room);
    await owner.mutate('updateApp', { id: app, name: 'Kept' });
    const statements = [
      `update audit_entry set actor = 'nobody'`,
      'delete from audit_entry',
      'truncate audit_entry',
      'delete from audit_entry where false',
    ];
    for (const [url, message] of [
      [servingUrl(room.relay.databaseUrl), /permission denied/],
      [room.relay.databaseUrl, /can only be added to/],
    ] as const) {
      const client = new pg.Client({ connectionString: url });
      await client.connect();
      for (const statement of statements) await expect(client.query(statement)).rejects.toThrow(message);
      await client.end();
    }
    const serving = new pg.Client({ connectionString: servingUrl(room.relay.databaseUrl) });
    await serving.connect();
    for (const statement of [
      'alter table audit_entry disable trigger all',
      'drop trigger append_only on audit_entry',
      'create table mine (id int)',
      'delete from migration',
    ]) {
      await expect(serving.query(statement)).rejects.toThrow(/permission denied|must be owner/);
    }
    await serving.end();
    expect((await log(owner)).nodes).toHaveLength(1);
  });
});
