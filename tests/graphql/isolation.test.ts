import { getNamedType, isInputObjectType, isNonNullType, isObjectType } from 'graphql';
import type { GraphQLInputField, GraphQLInputObjectType } from 'graphql';
import { beforeAll, describe, expect, test } from 'vitest';
import { schema } from '../../server/graphql/schema.ts';
import { useRelay } from '../harness/room.ts';
import type { Seed } from '../harness/seed.ts';
import type { Person, Variables } from './api.ts';
import { globalId, nobody, organizationId, otherOrganization, script, signedIn } from './api.ts';
import { Watch } from './live.ts';

/**
 * Generated from the schema: whatever takes an id is tried with another organisation's and with an absent one, and must
 * answer both alike. What is added to the schema is tried without anybody remembering to.
 */
const room = useRelay();

interface Ids {
  organization: string;
  app: string;
  agent: string;
  apiKey: string;
  event: string;
  membership: string;
  invitation: string;
  session: string;
  auditEntry: string;
}

/** The organisation of those who ask; the file's own, while each test has another in `room.seed`. */
let home: Seed;
let foreign: Ids;
let absent: Ids;
let owner: Person;
let member: Person;

async function idsOf(seed: Seed): Promise<Ids> {
  const [app, agent] = await Promise.all([seed.app(), seed.agent()]);
  const one = async (table: string, type: string) => {
    const where = `from ${table} where organization_id = $1 limit 1`;
    const [row] = await room.relay.sql(`select id ${where}`, [seed.organizationId]);
    return globalId(type, String(row!['id']));
  };
  const host = await signedIn(room, 'owner', seed);
  const invitation = { organizationId: organizationId(seed), email: 'guest@people.test', role: 'MEMBER' };
  await host.mutate('inviteMember', invitation);
  const input = { appId: app.globalId, agentId: agent.globalId, payload: '{}' };
  const sent = await script(room, seed).mutate('sendTestEvent', input, 'event { id }');
  return {
    organization: organizationId(seed),
    app: app.globalId,
    agent: agent.globalId,
    apiKey: await one('api_key', 'ApiKey'),
    event: sent.event.id,
    membership: await one('membership', 'Membership'),
    invitation: await one('invitation', 'Invitation'),
    session: globalId('Session', host.sessionId!),
    auditEntry: await one('audit_entry', 'AuditEntry'),
  };
}

const nothing = '01234567-89ab-7def-8123-456789abcdef';

beforeAll(async () => {
  home = await otherOrganization(room);
  foreign = await idsOf(await otherOrganization(room));
  absent = {
    organization: globalId('Organization', nothing),
    app: globalId('App', nothing),
    agent: globalId('Agent', nothing),
    apiKey: globalId('ApiKey', nothing),
    event: globalId('Event', 'evt_0mjzzzzzz0000001'),
    membership: globalId('Membership', nothing),
    invitation: globalId('Invitation', nothing),
    session: globalId('Session', nothing),
    auditEntry: globalId('AuditEntry', nothing),
  };
  owner = await signedIn(room, 'owner', home);
  member = await signedIn(room, 'member', home);
});

/** Which kind of id a mutation's input field takes, by its name and the mutation's. */
function kindOf(field: string, mutation: string): keyof Ids | null {
  if (field === 'organizationId') return 'organization';
  if (field === 'appId') return 'app';
  if (field === 'agentId') return 'agent';
  if (field !== 'id') return null;
  if (mutation === 'changeRole' || mutation === 'removeMember') return 'membership';
  const noun = /(Organization|App|Agent|ApiKey|Event|Invitation|Session)(Token)?$/.exec(mutation)![1]!;
  return (noun[0]!.toLowerCase() + noun.slice(1)) as keyof Ids;
}

const plain: Record<string, unknown> = {
  String: 'some-text',
  Int: 60,
  Boolean: false,
  Role: 'MEMBER',
  DateTime: '2099-01-01T00:00:00Z',
};

function valueOf(field: GraphQLInputField, mutation: string, ids: Ids): unknown {
  if (field.name === 'payload') return '{}';
  const kind = getNamedType(field.type).name === 'ID' ? kindOf(field.name, mutation) : null;
  return kind ? ids[kind] : plain[getNamedType(field.type).name];
}

function inputOf(mutation: string, ids: Ids): Variables {
  const type = schema.getType(
    `${mutation[0]!.toUpperCase()}${mutation.slice(1)}Input`,
  ) as GraphQLInputObjectType;
  const required = Object.values(type.getFields()).filter((field) => isNonNullType(field.type));
  return Object.fromEntries(required.map((field) => [field.name, valueOf(field, mutation, ids)]));
}

const mutations = Object.values(schema.getMutationType()!.getFields()).filter((field) => {
  const input = field.args[0] && getNamedType(field.args[0].type);
  return (
    isInputObjectType(input) &&
    Object.values(input.getFields()).some(({ type }) => getNamedType(type).name === 'ID')
  );
});

/** What members do with what is their own. */
const personal = ['acceptInvitation', 'leaveOrganization', 'revokeSession'];

describe.each(mutations.map((field) => field.name))('%s', (name) => {
  // An API key manages no keys, so the person tries.
  test('tells a foreign id and an absent one alike: not found', async () => {
    const answers = [
      await owner.mutate(name, inputOf(name, foreign)),
      await owner.mutate(name, inputOf(name, absent)),
    ];
    expect(answers[0]).toEqual(answers[1]);
    expect(answers[0].__typename).toBe('NotFoundError');
  });

  test('is refused to strangers', async () => {
    expect((await nobody(room).mutate(name, inputOf(name, foreign))).__typename).toBe('ForbiddenError');
  });

  if (personal.includes(name)) return;
  test('is refused to members of the organisation', async () => {
    const own = await ownIds();
    expect((await member.mutate(name, inputOf(name, own))).__typename).toBe('ForbiddenError');
  });
});

let own: Promise<Ids> | null = null;
const ownIds = () => (own ??= idsOf(home));

const queries = ['app', 'agent', 'event', 'node'] as const;

describe.each(queries)('query %s', (name) => {
  const ask = async (person: Person, id: string) =>
    person.ask(`query Q($id: ID!) { ${name}(id: $id) { __typename id } }`, { id });

  test('answers null for every id of another organisation, as for absent ones', async () => {
    for (const id of [...Object.values(foreign), ...Object.values(absent), 'x', '', 'RXZlbnQ6', '%']) {
      const { data, errors } = await ask(owner, id);
      expect({ data, errors }).toEqual({ data: { [name]: null }, errors: [] });
    }
  });

  test('tells strangers to sign in', async () => {
    const { errors } = await ask(nobody(room), foreign.app);
    expect(errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }]);
  });
});

test('node finds every kind of own thing, and nodes keeps order and holes', async () => {
  const mine = await ownIds();
  const found = await owner.ask('query N($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }', {
    ids: [
      mine.app,
      foreign.app,
      mine.agent,
      mine.event,
      mine.apiKey,
      mine.organization,
      mine.membership,
      mine.invitation,
      mine.auditEntry,
      mine.session,
      globalId('Session', owner.sessionId!),
    ],
  });
  expect(found.data.nodes.map((node: { __typename: string } | null) => node?.__typename ?? null)).toEqual([
    'App',
    null,
    'Agent',
    'Event',
    'ApiKey',
    'Organization',
    'Membership',
    'Invitation',
    'AuditEntry',
    // A colleague's sessions are theirs alone.
    null,
    'Session',
  ]);
});

test('an organisation is found by its members only', async () => {
  const other = await otherOrganization(room);
  const ask = (slug: string) =>
    owner.ask('query O($slug: String!) { organization(slug: $slug) { id } }', { slug });
  expect((await ask(other.slug)).data.organization).toBeNull();
  expect((await ask('absent')).data.organization).toBeNull();
  expect((await ask(home.slug)).data.organization.id).toBe(organizationId(home));
});

test('filters and charts by a foreign id are empty', async () => {
  await ownIds();
  const document = `query F($slug: String!, $app: ID!, $agent: ID!) { organization(slug: $slug) {
    a: events(filter: { appId: $app }) { edges { cursor } }
    b: events(filter: { agentId: $agent }) { edges { cursor } }
    stats(range: HOUR, appId: $app) { delivered failed rejected } } }`;
  const variables = { slug: home.slug, app: foreign.app, agent: foreign.agent };
  const { data } = await owner.ask(document, variables);
  expect(data.organization).toEqual({
    a: { edges: [] },
    b: { edges: [] },
    stats: { delivered: 0, failed: 0, rejected: 0 },
  });
});

const subscriptions = Object.values(schema.getSubscriptionType()!.getFields());

test.each(subscriptions.map((field) => field.name))('subscription %s is closed to others', async (name) => {
  const field = schema.getSubscriptionType()!.getFields()[name]!;
  const arg = field.args.find((each) => isNonNullType(each.type))!;
  const kind = arg.name.slice(0, -2) as keyof Ids;
  const selection = isObjectType(getNamedType(field.type)) ? '{ __typename }' : '';
  const document = `subscription S($id: ID!) { ${name}(${arg.name}: $id) ${selection} }`;
  const answers = [];
  for (const ids of [foreign, absent]) {
    const watch = new Watch(owner, document, { id: ids[kind] });
    answers.push((await watch.next()).errors);
    watch.close();
  }
  expect(answers[0]).toEqual(answers[1]);
  expect(answers[0]).toMatchObject([{ extensions: { code: 'NOT_FOUND' } }]);
});
