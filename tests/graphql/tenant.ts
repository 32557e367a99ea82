import { randomUUID } from 'node:crypto';
import { expect, vi } from 'vitest';
import { closeClients } from '../harness/client.ts';
import { dumpOf } from '../harness/dump.ts';
import type { Room } from '../harness/room.ts';
import type { Owner, Seed } from '../harness/seed.ts';
import type { Person } from './api.ts';
import { globalId, organizationId, otherOrganization, script, signedIn } from './api.ts';

/** An organisation in which there is one of everything. */
export interface Tenant {
  seed: Seed;
  owner: Person;
  member: Person;
  key: Person;
  /** A global id of each type that has one. */
  ids: Record<string, string>;
  app: Owner;
  agent: Owner;
  /** Texts that occur only in what is this organisation's: row ids, slugs, addresses, what was said. */
  marks: string[];
  /** What somebody may know its things by. */
  names: string[];
}

/** With an app that reaches an agent, an event that was answered, an invitation and entries in its audit log. */
export async function furnish(room: Room): Promise<Tenant> {
  const seed = await otherOrganization(room);
  const tag = randomUUID().slice(0, 8);
  const [app, agent] = [await seed.app(`app-${tag}`), await seed.agent({ slug: `agent-${tag}` })];
  const [owner, member] = [await signedIn(room, 'owner', seed), await signedIn(room, 'member', seed)];
  const invitation = {
    organizationId: organizationId(seed),
    email: `guest-${tag}@people.test`,
    role: 'MEMBER',
  };
  await owner.mutate('inviteMember', invitation);
  await owner.mutate('allowApp', { agentId: agent.globalId, appId: app.globalId });
  const to = await room.connect(agent);
  const from = await room.connect(app);
  from.send({ type: 'event', agent_id: agent.slug, thread_id: 't', payload: { said: `said-${tag}` } });
  const { event_id } = (await from.find('accepted')).body;
  await to.find('event');
  to.send({ type: 'reply', event_id, content: `answered-${tag}` });
  await from.find('reply');
  await recorded(room, seed);
  await closeClients();
  const row = async (sql: string) => String((await room.relay.sql(sql, [seed.organizationId]))[0]!['id']);
  const of = (table: string) => row(`select id from ${table} where organization_id = $1 order by id limit 1`);
  const users = [owner.userId, member.userId];
  const ids = {
    Organization: organizationId(seed),
    App: app.globalId,
    Agent: agent.globalId,
    ApiKey: globalId('ApiKey', await of('api_key')),
    Event: globalId('Event', event_id),
    Membership: globalId(
      'Membership',
      await row(`select id from membership where organization_id = $1 and role = 'member'`),
    ),
    Invitation: globalId('Invitation', await of('invitation')),
    Session: globalId('Session', owner.sessionId!),
    AuditEntry: globalId('AuditEntry', await of('audit_entry')),
    User: globalId('User', member.userId),
  };
  const tenant = {
    seed,
    owner,
    member,
    key: script(room, seed),
    ids,
    app,
    agent,
    names: [seed.slug, app.slug, agent.slug, owner.email, member.email, event_id, `said-${tag}`],
    marks: [seed.organizationId, ...users, app.id, agent.id, event_id, tag, owner.email, member.email],
  };
  await settled(room, tenant);
  return tenant;
}

const RECORDED = `select (select count(*) from connection where organization_id = $1) = 2
  and not exists (select from event where organization_id = $1 and handed_over_at is null)
  and not exists (select from app where organization_id = $1 and last_connected_at is null)
  and not exists (select from agent where organization_id = $1 and last_connected_at is null)
  and not exists (select from app_token t join app o on o.id = t.app_id
                   where o.organization_id = $1 and t.last_used_at is null)
  and not exists (select from agent_token t join agent o on o.id = t.agent_id
                   where o.organization_id = $1 and t.last_used_at is null) as done`;

/** Until what follows an answer and a connection is written, which takes a batch or two. */
async function recorded(room: Room, seed: Seed): Promise<void> {
  const done = async () => (await room.relay.sql(RECORDED, [seed.organizationId]))[0]!['done'];
  await vi.waitFor(async () => expect(await done()).toBe(true), { timeout: 15_000 });
}

/** Until its sockets are gone: nothing moves by itself any more. */
async function settled(room: Room, { seed }: Tenant): Promise<void> {
  const sql = 'select id from connection where organization_id = $1';
  const open = async () => (await room.relay.sql(sql, [seed.organizationId])).length;
  await vi.waitFor(async () => expect(await open()).toBe(0), { timeout: 15_000 });
}

/** Counts move from the one to the other as minutes pass, whoever asks for what. */
const RESTLESS = ['rollup', 'tally'];

/** A session slides when its owner asks for something, as these tests have to. */
const unused = (row: string) => row.replace(/"(last_used_at|expires_at)":"[^"]*",?/g, '');

/** All that is stored of an organisation. */
export async function rowsOf(room: Room, { marks }: Tenant): Promise<string[]> {
  const dump = await dumpOf(room.relay.sql);
  return [...dump]
    .filter(([table]) => !RESTLESS.includes(table))
    .flatMap(([table, rows]) => rows.map((row) => `${table} ${table === 'session' ? unused(row) : row}`))
    .filter((row) => marks.some((mark) => row.includes(mark)));
}
