import { randomUUID } from 'node:crypto';
import { expect, vi } from 'vitest';
import { closeClients } from '../harness/client.ts';
import { dumpOf } from '../harness/dump.ts';
import type { Room } from '../harness/room.ts';
import type { Seed } from '../harness/seed.ts';
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
  /** Texts that occur only in what is this organisation's: row ids, slugs, addresses, what was said. */
  marks: string[];
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
    marks: [seed.organizationId, ...users, app.id, agent.id, event_id, tag, owner.email, member.email],
  };
  await settled(room, tenant);
  return tenant;
}

/** Until its sockets are gone and its outcome is known to have arrived, or not: nothing moves by itself any more. */
async function settled(room: Room, { seed }: Tenant): Promise<void> {
  const open = async () =>
    (await room.relay.sql('select id from connection where organization_id = $1', [seed.organizationId]))
      .length;
  await vi.waitFor(async () => expect(await open()).toBe(0), { timeout: 8_000 });
}

/** Counts move from the one to the other as minutes pass, whoever asks for what. */
const RESTLESS = ['rollup', 'tally'];

/** All that is stored of an organisation. */
export async function rowsOf(room: Room, { marks }: Tenant): Promise<string[]> {
  const dump = await dumpOf(room.relay.sql);
  return [...dump]
    .filter(([table]) => !RESTLESS.includes(table))
    .flatMap(([table, rows]) => rows.map((row) => `${table} ${row}`))
    .filter((row) => marks.some((mark) => row.includes(mark)));
}
