import type { GraphQLObjectType } from 'graphql';
import { getNamedType, isUnionType } from 'graphql';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { schema } from '../../server/graphql/schema.ts';
import { useRelay } from '../harness/room.ts';
import type { Answer, Person, Variables } from './api.ts';
import { globalId, nobody } from './api.ts';
import type { Field, IdPosition } from './coordinates.ts';
import {
  documentOf,
  idPositions,
  innerFields,
  pathsTo,
  selectionOf,
  tenantTypes,
  variablesOf,
} from './coordinates.ts';
import { closeWatches, Watch } from './live.ts';
import type { Tenant } from './tenant.ts';
import { furnish, rowsOf } from './tenant.ts';

/**
 * Generated from the schema: whatever takes an id or a cursor is tried with another organisation's and with an absent one,
 * by its owner, its member and its API key, and must answer both alike and change nothing. What is added to the schema is
 * tried without anybody remembering to; what cannot be tried fails here with a sentence that says what is missing.
 */
const METRICS_TOKEN = 'for-prometheus-alone';
const room = useRelay({ metricsToken: METRICS_TOKEN });
afterEach(closeWatches);

/** Whose things are wanted, and who wants them. */
let foreign: Tenant;
let home: Tenant;
let before: string[];

const NOTHING = '01234567-89ab-7def-8123-456789abcdef';
const absent = (type: string) => globalId(type, type === 'Event' ? 'evt_0mjzzzzzz0000001' : NOTHING);

const strangers = ['owner', 'member', 'key'] as const;
const fieldsOf = (type: GraphQLObjectType | null | undefined): Field[] => Object.values(type!.getFields());
const queries = fieldsOf(schema.getQueryType());
const mutations = fieldsOf(schema.getMutationType());
const subscriptions = fieldsOf(schema.getSubscriptionType());
const takingIds = (fields: Field[]) => fields.filter((field) => idPositions(field).length > 0);

beforeAll(async () => {
  [foreign, home] = [await furnish(room), await furnish(room)];
  before = await rowsOf(room, foreign);
});

// Behind every single test as well, since each may be run alone.
afterEach(async () => expect(await rowsOf(room, foreign)).toEqual(before));

/** What a caller can tell one answer from another by. */
const told = ({ status, data, errors }: Answer) => ({ status, data, errors });

/** Each way to give the field at least one id that is not the caller's, with the same way with absent ones. */
function attempts(field: Field): { label: string; foreign: Variables; absent: Variables }[] {
  const positions = idPositions(field);
  const given = (chosen: IdPosition[], type: string, id: (type: string) => string) => (path: string[]) => {
    const here = (list: IdPosition[]) => list.find((each) => each.path.join() === path.join());
    const position = here(chosen);
    if (position) return id(position.types.length > 1 ? type : position.types[0]!);
    return home.ids[here(positions)!.types[0]!];
  };
  const choices = positions.length > 1 ? [...positions.map((each) => [each]), positions] : [positions];
  return choices.flatMap((chosen) =>
    chosen[0]!.types.map((type) => ({
      label: `${chosen.map(({ path }) => path.join('.')).join(' and ')} of ${type}`,
      foreign: variablesOf(
        field,
        given(chosen, type, (each) => foreign.ids[each]!),
      ),
      absent: variablesOf(field, given(chosen, type, absent)),
    })),
  );
}

const succeeded = (field: Field) => {
  const type = getNamedType(field.type);
  if (!isUnionType(type)) return '{ __typename }';
  return '{ __typename ... on Error { message } ... on ValidationError { fields { field message } } }';
};

describe('the tables of this test are complete:', () => {
  test('both organisations have one of everything', () => {
    const missing = tenantTypes.filter((type) => !foreign.ids[type]);
    expect(missing, `Give furnish() in tests/graphql/tenant.ts an id of: ${missing.join(', ')}.`).toEqual([]);
  });

  /** What is asked for without an id, and why it shows only the caller's own. */
  const WITHOUT_IDS: Record<string, string> = {
    organization: 'by slug; tried in visibility.test.ts with all that takes a text',
    viewer: 'the caller itself; compared below',
    createOrganization: 'makes one for the caller',
    requestLoginCode: 'shows nothing but the address given',
    verifyLoginCode: 'the person whose code it is',
    signOut: 'ends the session it came with',
    signOutEverywhere: 'ends the sessions of the person it came from',
    signup: 'the same for everybody',
  };

  test('what takes no id is known to show or change only what is the caller’s own', () => {
    const without = [...queries, ...mutations, ...subscriptions]
      .filter((field) => idPositions(field).length === 0)
      .map((field) => field.name)
      .filter((name) => !Object.hasOwn(WITHOUT_IDS, name));
    const hint = `Say in WITHOUT_IDS of isolation.test.ts why these show nothing of other organisations, and try it: ${without.join(', ')}.`;
    expect(without, hint).toEqual([]);
  });

  test('ids, texts and cursors inside the graph are taken only where a node of its own can be asked', () => {
    const elsewhere = innerFields()
      .filter(({ field }) => pathsTo('ID', field).length + pathsTo('String', field).length > 0)
      .filter(({ parent }) => !tenantTypes.includes(parent.name))
      .map(({ parent, field }) => `${parent.name}.${field.name}`);
    const hint = `Write a test of its own for an id, text or cursor that node() does not lead to: ${elsewhere.join(', ')}.`;
    expect(elsewhere, hint).toEqual([]);
  });
});

describe.each(strangers)('the %s of another organisation', (stranger) => {
  const person = (): Person => home[stranger];

  test.each(takingIds(queries).map((field) => [field.name, field] as const))(
    'finds nothing by query %s',
    async (name, field) => {
      for (const { label, ...tried } of attempts(field)) {
        const ask = (ids: Variables) => person().ask(documentOf('query', field, ids, '{ __typename }'), ids);
        const answer = told(await ask(tried.foreign));
        expect(answer, label).toEqual(told(await ask(tried.absent)));
        expect([answer.data[name]].flat(), label).toEqual([null]);
        expect(answer.errors, label).toEqual([]);
      }
    },
  );

  test.each(takingIds(mutations).map((field) => [field.name, field] as const))(
    'changes nothing by mutation %s',
    async (name, field) => {
      for (const { label, ...tried } of attempts(field)) {
        const ask = (input: Variables) =>
          person().ask(documentOf('mutation', field, input, succeeded(field)), input);
        const answer = told(await ask(tried.foreign));
        expect(answer, label).toEqual(told(await ask(tried.absent)));
        // Members and keys may be refused before anything is looked up; owners may do all there is.
        const refusals = stranger === 'owner' ? ['NotFoundError'] : ['NotFoundError', 'ForbiddenError'];
        expect(refusals, label).toContain(answer.data?.[name].__typename);
      }
    },
  );

  test.each(takingIds(subscriptions).map((field) => [field.name, field] as const))(
    'watches nothing by subscription %s',
    async (_name, field) => {
      for (const { label, ...tried } of attempts(field)) {
        const watch = async (ids: Variables) => {
          const subscription = new Watch(
            person(),
            documentOf('subscription', field, ids, '{ __typename }'),
            ids,
          );
          const first = await subscription.next();
          subscription.close();
          return first;
        };
        const answer = await watch(tried.foreign);
        expect(answer, label).toEqual(await watch(tried.absent));
        // An own organisation with a foreign filter is watched, in vain.
        if (tried.foreign['organizationId'] === home.ids['Organization']) continue;
        expect(answer.errors, label).toMatchObject([{ extensions: { code: 'NOT_FOUND' } }]);
      }
    },
  );

  const filtered = innerFields().filter(({ field }) => idPositions(field).length > 0);
  test.each(filtered.map(({ parent, field }) => [`${parent.name}.${field.name}`, parent, field] as const))(
    'counts and finds nothing by a foreign id in %s',
    async (_name, parent, field) => {
      const type = getNamedType(field.type);
      const range = { range: 'MONTH' };
      for (const { label, ...tried } of attempts(field)) {
        const ask = (ids: Variables) => {
          const given = 'range' in ids ? { ...ids, ...range } : ids;
          const document = documentOf('query', field, given, selectionOf(type, 2), parent.name);
          return person().ask(document, { ...given, parent: home.ids[parent.name] });
        };
        const answer = told(await ask(tried.foreign));
        expect(answer.errors, label).toEqual([]);
        expect(answer, label).toEqual(told(await ask(tried.absent)));
      }
    },
  );

  const paged = innerFields().filter(({ field }) => field.args.some(({ name }) => name === 'after'));
  test.each(paged.map(({ parent, field }) => [`${parent.name}.${field.name}`, parent, field] as const))(
    'gets nowhere with a cursor of %s',
    async (name, parent, field) => {
      const page = '{ pageInfo { endCursor } }';
      const read = (who: Person, parentId: string | undefined, given: Variables) =>
        who.ask(documentOf('query', field, given, page, parent.name), { ...given, parent: parentId });
      const { data, text } = await read(foreign.owner, foreign.ids[parent.name], {});
      const cursor = data?.node?.[field.name]?.pageInfo.endCursor;
      expect(cursor, `Give furnish() in tenant.ts something to list in ${name}: ${text}`).toEqual(
        expect.any(String),
      );
      for (const argument of ['after', 'before']) {
        const tries = [cursor, Buffer.from('forged').toString('base64url'), 'x', ''];
        const answers = [];
        for (const each of tries)
          answers.push(told(await read(person(), home.ids[parent.name], { [argument]: each })));
        for (const answer of answers) expect(answer).toEqual(answers[0]);
        expect(answers[0]!.errors).toMatchObject([{ extensions: { code: 'VALIDATION' } }]);
      }
    },
  );

  test('reads no metrics, which name all organisations', async () => {
    const response = await fetch(`${room.relay.url}/metrics`, { headers: person().headers });
    expect(response.status).toBe(401);
    expect(await response.text()).not.toContain(foreign.seed.slug);
  });
});

describe('whoever is not signed in', () => {
  test.each(takingIds(queries).map((field) => [field.name, field] as const))(
    'is told so by query %s, whatever the id',
    async (_name, field) => {
      for (const tried of attempts(field)) {
        const ids = tried.foreign;
        const { errors } = await nobody(room).ask(documentOf('query', field, ids, '{ __typename }'), ids);
        expect(errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }]);
      }
    },
  );

  test.each(takingIds(mutations).map((field) => [field.name, field] as const))(
    'is refused by mutation %s, whatever the id',
    async (name, field) => {
      for (const { foreign: ids } of attempts(field)) {
        const document = documentOf('mutation', field, ids, '{ __typename }');
        const { data } = await nobody(room).ask(document, ids);
        expect(data[name].__typename).toBe('ForbiddenError');
      }
    },
  );
});

/** What members do with what is their own. */
const PERSONAL = ['acceptInvitation', 'leaveOrganization', 'revokeSession'];

test.each(
  takingIds(mutations)
    .filter(({ name }) => !PERSONAL.includes(name))
    .map((field) => [field.name, field] as const),
)('%s is for owners, not for members of the same organisation', async (name, field) => {
  const own = variablesOf(field, (path) => {
    return home.ids[idPositions(field).find((each) => each.path.join() === path.join())!.types[0]!];
  });
  const { data } = await home.member.ask(documentOf('mutation', field, own, '{ __typename }'), own);
  expect(data[name].__typename).toBe('ForbiddenError');
});

test('what is not an id at all is answered as an absent one', async () => {
  for (const id of ['x', '', 'RXZlbnQ6', '%', `${home.ids['App']}=`, home.ids['App']!.toLowerCase()]) {
    for (const name of ['app', 'agent', 'event', 'node']) {
      const { data, errors } = await home.owner.ask(`query Q($id: ID!) { ${name}(id: $id) { id } }`, { id });
      expect({ data, errors }).toEqual({ data: { [name]: null }, errors: [] });
    }
  }
});

test('node finds every kind of own thing, and nodes keeps order and holes', async () => {
  const ids = tenantTypes.flatMap((type) => [home.ids[type]!, foreign.ids[type]!]);
  const { data } = await home.owner.ask('query N($ids: [ID!]!) { nodes(ids: $ids) { __typename } }', { ids });
  const found = data.nodes.map((node: { __typename: string } | null) => node?.__typename ?? null);
  expect(found).toEqual(tenantTypes.flatMap((type) => [type, null]));
});

test('a colleague’s sessions are theirs alone', async () => {
  const id = home.ids['Session'];
  const { data } = await home.member.ask('query N($id: ID!) { node(id: $id) { id } }', { id });
  expect(data.node).toBeNull();
});

afterAll(() => expect(before.length).toBeGreaterThan(15));
