import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import pg from 'pg';
import { schema } from '../../server/graphql/schema.ts';
import { servingUrl } from '../harness/postgres.ts';
import { useRelay } from '../harness/room.ts';
import type { Person, Variables } from './api.ts';
import { globalId, nobody, organizationId, script, signedIn } from './api.ts';
import { Mailbox } from './mailbox.ts';

const mailbox = new Mailbox();
const config = { smtpUrl: '', printCodes: false };
beforeAll(async () => void (config.smtpUrl = await mailbox.listen()));
const room = useRelay(config);
afterAll(() => mailbox.close());

interface Stage {
  owner: Person;
  organization: string;
  app: string;
  agent: string;
  member: { id: string; person: Person };
}

async function membershipId(userId: string): Promise<string> {
  const [row] = await room.relay.sql('select id from membership where user_id = $1', [userId]);
  return globalId('Membership', String(row!['id']));
}

async function setStage(): Promise<Stage> {
  const [app, agent] = await Promise.all([room.seed.app(), room.seed.agent()]);
  const person = await signedIn(room, 'member');
  return {
    owner: await signedIn(room, 'owner'),
    organization: organizationId(room.seed),
    app: app.globalId,
    agent: agent.globalId,
    member: { id: await membershipId(person.userId), person },
  };
}

interface Decision {
  /** What the log then says, after entries of what had to happen before. */
  action: string;
  input: (stage: Stage) => Variables | Promise<Variables>;
  as?: (stage: Stage) => Person;
}

const ids = (pick: 'app' | 'agent') => (stage: Stage) => ({ id: stage[pick] });
const entry = ({ agent, app }: Stage) => ({ agentId: agent, appId: app });
const invited = async (stage: Stage, email = 'guest@people.test') => {
  const input = { organizationId: stage.organization, email, role: 'MEMBER' };
  return (await stage.owner.mutate('inviteMember', input, 'invitation { id }')).invitation as { id: string };
};
const rotated = (name: string, pick: 'app' | 'agent') => async (stage: Stage) => {
  await stage.owner.mutate(name, { id: stage[pick], graceSeconds: 60 });
  return { id: stage[pick] };
};
const deactivated = (name: string, pick: 'app' | 'agent') => async (stage: Stage) => {
  await stage.owner.mutate(name, { id: stage[pick] });
  return { id: stage[pick] };
};

/** What each mutation leaves in the log. `null`: nothing, because nothing changes. */
const decisions: Record<string, Decision | null> = {
  // A code only changes anything once it is verified.
  requestLoginCode: null,
  createOrganization: { action: 'ORGANIZATION_CREATED', input: () => ({ name: 'Brand new' }) },
  updateOrganization: {
    action: 'ORGANIZATION_RENAMED',
    input: ({ organization }) => ({ id: organization, name: 'N' }),
  },
  inviteMember: {
    action: 'MEMBER_INVITED',
    input: ({ organization }) => ({ organizationId: organization, email: 'new@people.test', role: 'OWNER' }),
  },
  resendInvitation: {
    action: 'INVITATION_RESENT',
    input: async (stage) => ({ id: (await invited(stage)).id }),
  },
  revokeInvitation: {
    action: 'INVITATION_REVOKED',
    input: async (stage) => ({ id: (await invited(stage)).id }),
  },
  acceptInvitation: {
    action: 'INVITATION_ACCEPTED',
    as: ({ member }) => member.person,
    input: async (stage) => {
      const { id, person } = stage.member;
      await stage.owner.mutate('removeMember', { id });
      return { id: (await invited(stage, person.email)).id };
    },
  },
  changeRole: { action: 'ROLE_CHANGED', input: ({ member }) => ({ id: member.id, role: 'OWNER' }) },
  removeMember: { action: 'MEMBER_REMOVED', input: ({ member }) => ({ id: member.id }) },
  leaveOrganization: {
    action: 'MEMBER_LEFT',
    as: ({ member }) => member.person,
    input: ({ organization }) => ({ organizationId: organization }),
  },
  revokeSession: {
    action: 'SESSION_REVOKED',
    input: ({ owner }) => ({ id: globalId('Session', owner.sessionId!) }),
  },
  signOutEverywhere: { action: 'SIGNED_OUT_EVERYWHERE', input: () => ({}) },
  createApiKey: {
    action: 'API_KEY_CREATED',
    input: ({ organization }) => ({ organizationId: organization, name: 'CI' }),
  },
  revokeApiKey: {
    action: 'API_KEY_REVOKED',
    input: async ({ owner, organization }) => {
      const input = { organizationId: organization, name: 'CI' };
      return { id: (await owner.mutate('createApiKey', input, 'apiKey { id }')).apiKey.id };
    },
  },
  registerApp: {
    action: 'APP_REGISTERED',
    input: ({ organization }) => ({ organizationId: organization, name: 'New', appId: 'new' }),
  },
  updateApp: { action: 'APP_RENAMED', input: ({ app }) => ({ id: app, name: 'Other' }) },
  rotateAppToken: { action: 'APP_TOKEN_ROTATED', input: ids('app') },
  revokePreviousAppToken: { action: 'APP_PREVIOUS_TOKEN_REVOKED', input: rotated('rotateAppToken', 'app') },
  deactivateApp: { action: 'APP_DEACTIVATED', input: ids('app') },
  reactivateApp: { action: 'APP_REACTIVATED', input: deactivated('deactivateApp', 'app') },
  registerAgent: {
    action: 'AGENT_REGISTERED',
    input: ({ organization }) => ({ organizationId: organization, name: 'New', agentId: 'new' }),
  },
  updateAgent: { action: 'AGENT_UPDATED', input: ({ agent }) => ({ id: agent, timeoutSeconds: 7 }) },
  rotateAgentToken: { action: 'AGENT_TOKEN_ROTATED', input: ids('agent') },
  revokePreviousAgentToken: {
    action: 'AGENT_PREVIOUS_TOKEN_REVOKED',
    input: rotated('rotateAgentToken', 'agent'),
  },
  deactivateAgent: { action: 'AGENT_DEACTIVATED', input: ids('agent') },
  reactivateAgent: { action: 'AGENT_REACTIVATED', input: deactivated('deactivateAgent', 'agent') },
  allowApp: { action: 'APP_ALLOWED', input: entry },
  disallowApp: {
    action: 'APP_DISALLOWED',
    input: async (stage) => {
      await stage.owner.mutate('allowApp', entry(stage));
      return entry(stage);
    },
  },
  sendTestEvent: { action: 'TEST_EVENT_SENT', input: (stage) => ({ ...entry(stage), payload: '{}' }) },
  resendEvent: {
    action: 'EVENT_RESENT',
    input: async (stage) => {
      const { event } = await stage.owner.mutate(
        'sendTestEvent',
        { ...entry(stage), payload: '{}' },
        'event { id }',
      );
      return { id: event.id };
    },
  },
};

/** These have no input, or no session before; they have tests of their own below. */
const apart = ['signOut', 'verifyLoginCode'];

const rowsOf = (seed = room.seed) =>
  room.relay.sql('select * from audit_entry where organization_id = $1 order by id', [seed.organizationId]);

test('for every mutation it is decided what it leaves in the log', () => {
  const names = Object.keys(schema.getMutationType()!.getFields());
  expect([...Object.keys(decisions), ...apart].sort()).toEqual(names.sort());
});

const audited = Object.entries(decisions).flatMap(([name, decision]) =>
  decision ? [[name, decision] as const] : [],
);

test.each(audited)('%s is recorded with who, what, when and from where', async (name, decision) => {
  const stage = await setStage();
  const input = await decision.input(stage);
  const actor = decision.as?.(stage) ?? stage.owner;
  const before = (await room.relay.sql('select id from audit_entry')).map(({ id }) => id);
  const began = room.clock.now();
  const answer = await actor.mutate(name, input);
  expect(answer.__typename).toMatch(/Success$/);
  const rows = (await room.relay.sql('select * from audit_entry')).filter(({ id }) => !before.includes(id));
  expect(rows).toHaveLength(1);
  expect(rows[0]).toMatchObject({
    action: decision.action,
    actor_kind: 'person',
    actor_id: actor.userId,
    actor: actor.email,
    address: '127.0.0.1',
    target: expect.stringMatching(/./),
  });
  if (name !== 'createOrganization') expect(rows[0]!['organization_id']).toBe(room.seed.organizationId);
  expect(Math.abs((rows[0]!['at'] as Date).getTime() - began)).toBeLessThan(5_000);
});

test.each(audited)('%s that is refused leaves nothing', async (name, decision) => {
  const stage = await setStage();
  const input = await decision.input(stage);
  const before = await room.relay.sql('select count(*) from audit_entry');
  const refused = await nobody(room).mutate(name, input);
  expect(refused.__typename).toBe('ForbiddenError');
  expect(await room.relay.sql('select count(*) from audit_entry')).toEqual(before);
});

test('signing in and out is recorded for each organisation of the person', async () => {
  const person = await signedIn(room, 'member');
  const second = await person.mutate('createOrganization', { name: 'Second home' }, 'organization { slug }');
  const cookies = new Map<string, string>();
  const ask = async (query: string) => {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(`${room.relay.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', cookie, 'user-agent': 'curl/8' },
      body: JSON.stringify({ query }),
    });
    for (const header of response.headers.getSetCookie()) {
      const [, name, value] = /^(\w+)=([^;]*)/.exec(header)!;
      cookies.set(name!, value!);
    }
    return response.text();
  };
  await ask(`mutation { requestLoginCode(input: { email: "${person.email}" }) { __typename } }`);
  const code = await mailbox.code(person.email);
  await ask(
    `mutation { verifyLoginCode(input: { email: "${person.email}", code: "${code}" }) { __typename } }`,
  );
  const session = cookies.get('relay_session')!;
  await ask('mutation { signOut { __typename } }');
  for (const slug of [room.seed.slug, second.organization.slug as string]) {
    const rows = await room.relay.sql(
      `select a.* from audit_entry a join organization o on o.id = a.organization_id
        where o.slug = $1 and a.actor_id = $2 and action like 'SIGNED%' order by a.id`,
      [slug, person.userId],
    );
    expect(rows.map((row) => row['action'])).toEqual(['SIGNED_IN', 'SIGNED_OUT']);
    expect(rows[0]!['details']).toEqual({ device: 'curl' });
  }
  const all = JSON.stringify(await room.relay.sql('select * from audit_entry'));
  for (const secret of [code, session]) expect(all).not.toContain(`"${secret}"`);
});

test('no entry holds a token', async () => {
  const stage = await setStage();
  const { owner, app, agent, organization } = stage;
  const tokens = [
    (await owner.mutate('rotateAppToken', { id: app }, 'token')).token,
    (await owner.mutate('rotateAgentToken', { id: agent }, 'token')).token,
    (await owner.mutate('createApiKey', { organizationId: organization, name: 'CI' }, 'key')).key,
  ] as string[];
  const all = JSON.stringify(await rowsOf());
  // The last 45 characters are the secret and its checksum; the 12 before them are public.
  for (const token of tokens) expect(all).not.toContain(token.slice(-45, -7));
});

test('what changes nothing is not recorded', async () => {
  const stage = await setStage();
  await stage.owner.mutate('allowApp', entry(stage));
  const before = (await rowsOf()).length;
  await stage.owner.mutate('allowApp', entry(stage));
  await stage.owner.mutate('reactivateApp', { id: stage.app });
  await stage.owner.mutate('changeRole', { id: stage.member.id, role: 'MEMBER' });
  await stage.owner.mutate('revokePreviousAppToken', { id: stage.app });
  expect(await rowsOf()).toHaveLength(before);
});

test('an entry and what it records are committed together or not at all', async () => {
  const { owner, app } = await setStage();
  await room.relay.sql('alter table audit_entry add constraint broken check (false) not valid');
  try {
    const document = `mutation { deactivateApp(input: { id: "${app}" }) { __typename } }`;
    const { errors } = await owner.ask(document);
    expect(errors).toMatchObject([{ extensions: { code: 'INTERNAL_SERVER_ERROR' } }]);
    const { data } = await owner.ask(`{ app(id: "${app}") { active } }`);
    expect(data.app.active).toBe(true);
  } finally {
    await room.relay.sql('alter table audit_entry drop constraint broken');
  }
});

test('an agent that answers an event not its own changes nothing, and is recorded, a few times', async () => {
  const pair = await room.pair();
  const { event_id } = await pair.ask();
  const other = await room.seed.agent();
  const socket = await room.connect(other);
  for (let n = 0; n < 12; n += 1) socket.send({ type: 'reply', event_id, content: 'stolen' });
  const recorded = async () => (await rowsOf()).filter((row) => row['action'] === 'FOREIGN_EVENT_ANSWERED');
  await expect.poll(async () => (await recorded()).length).toBe(10);
  expect((await recorded())[0]).toMatchObject({
    actor_kind: 'agent',
    actor_id: other.id,
    actor: other.slug,
    target: event_id,
    address: '127.0.0.1',
  });
  pair.to.send({ type: 'reply', event_id, content: 'mine' });
  expect((await pair.from.find('reply')).body['reply']).toBe('mine');
});

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
    const { owner, app, member } = await setStage();
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
    const { owner, app } = await setStage();
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
    const { owner, app } = await setStage();
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
