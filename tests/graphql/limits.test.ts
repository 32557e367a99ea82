import { request as httpRequest } from 'node:http';
import { getIntrospectionQuery } from 'graphql';
import { describe, expect, test } from 'vitest';
import { databaseIsGone, loggable } from '../../server/graphql/databaseFault.ts';
import { withoutTable } from '../harness/outage.ts';
import { useRelay } from '../harness/room.ts';
import { answerOf, organizationId, post, script } from './api.ts';
import { Watch } from './live.ts';

const room = useRelay();

const deep = (levels: number) => {
  const step = 'organization { apps { edges { node { ';
  const query = `{ app(id: "x") { ${step.repeat(levels)} id ${'} } } } '.repeat(levels)} } }`;
  return query;
};
const many = (field: string, count: number) =>
  Array.from({ length: count }, (_, n) => `a${n}: ${field}`).join(' ');
const aliases = (count: number) => `{ ${many('signup { open }', count)} }`;
const fragments = (count: number) => {
  const bodies = Array.from(
    { length: count },
    (_, n) => `fragment F${n} on Query { ...F${n + 1} ...F${n + 1} }`,
  );
  return `{ ...F0 } ${bodies.join(' ')} fragment F${count} on Query { signup { open } }`;
};
const nested = `{ organization(slug: "org") { apps(first: 100) { edges { node {
  events(first: 100) { edges { node { payload reply timeline { at } } } } } } } } }`;

/** Each reads all events of its time. */
const searches = (count: number, scope: string) =>
  `{ organization(slug: "org") { ${scope.replace(
    'SEARCHES',
    many(
      'events(first: 1, filter: { text: "needle", from: "2099-01-01T00:00:00Z" }) { edges { cursor } }',
      count,
    ),
  )} } }`;

const refusals: [string, string, RegExp][] = [
  ['made of more than a handful of searches', searches(5, 'SEARCHES'), /costs \d+/],
  [
    'a search in each of many apps',
    searches(1, 'apps(first: 5) { edges { node { SEARCHES } } }'),
    /costs \d+/,
  ],
  ['too deep', deep(3), /levels deep/],
  ['too many aliases', aliases(51), /aliases/],
  ['too costly', nested, /costs \d+/],
  [
    'a cycle of fragments',
    '{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }',
    /Cannot spread/,
  ],
  ['exponential by its fragments', fragments(40), /costs \d+/],
  ['too many aliases by far', `{ ${many('__typename', 1_000)} }`, /aliases/],
  ['a batch of mutations', `mutation { ${many('signOut { __typename }', 51)} }`, /aliases/],
  [
    'made of fragments that hide its aliases',
    `{ ...F } fragment F on Query { ${many('signup { open }', 51)} }`,
    /aliases/,
  ],
  ['made of directives', `{ signup { open ${'@include(if: true) '.repeat(1_000)} } }`, /tokens/],
  ['a schema asked for many times', `{ ${many('__schema { types { name } }', 4)} }`, /asks for the schema/],
  [
    'a schema that goes round in circles',
    `{ __schema { types ${'{ fields { type '.repeat(6)} { name } ${'} }'.repeat(6)} } }`,
    /introspection depth/i,
  ],
  ['too many tokens', `{ signup { ${'open '.repeat(5_001)} } }`, /tokens/],
];

describe.each(refusals)('an operation that is %s', (_name, query, message) => {
  test('is refused over HTTP', async () => {
    const { errors, data } = await script(room).ask(query);
    expect(errors.map((error) => error.message).join()).toMatch(message);
    expect(data === null || Object.values(data).every((value) => value === null)).toBe(true);
  });

  test('is refused over a WebSocket, as over HTTP', async () => {
    const watch = new Watch(script(room), query);
    const ended = await watch.ended;
    const errors = [ended, ...watch.items.map((item) => item.errors)].flat().filter(Boolean);
    expect(errors).toEqual((await script(room).ask(query)).errors);
    watch.close();
  });

  test('is refused over server-sent events, as over HTTP', async () => {
    const headers = {
      ...script(room).headers,
      'content-type': 'application/json',
      accept: 'text/event-stream',
    };
    const response = await fetch(`${room.relay.url}/graphql`, {
      method: 'POST',
      headers,
      body: JSON.stringify({ query }),
    });
    const [, data = '{}'] = /^data: (.+)$/m.exec(await response.text()) ?? [];
    expect(JSON.parse(data).errors).toEqual((await script(room).ask(query)).errors);
  });
});

test('a subscription whose messages would search more than a handful of times sends none of them', async () => {
  const agent = await room.seed.agent();
  const search = 'events(filter: { text: "needle", from: "2099-01-01T00:00:00Z" }) { edges { cursor } }';
  const document = `subscription S($o: ID!) { connectionChanged(organizationId: $o) { subject { ... on Agent {
    agentId ${many(search, 5)} } } } }`;
  const watch = new Watch(script(room), document, { o: organizationId(room.seed) });
  expect(await watch.next()).toMatchObject({ errors: [{ extensions: { code: 'TOO_COMPLEX' } }] });
  expect(JSON.stringify(watch.items)).not.toContain(agent.slug);
  watch.close();
});

test('what is within the limits passes: 50 aliases, introspection, fragments upon fragments, a few searches', async () => {
  expect((await script(room).ask(aliases(50))).errors).toEqual([]);
  expect((await script(room).ask(getIntrospectionQuery())).errors).toEqual([]);
  expect((await script(room).ask(fragments(10))).errors).toEqual([]);
  expect((await script(room).ask(searches(4, 'SEARCHES'))).errors).toEqual([]);
});

describe('a request that is not a JSON post', () => {
  const url = () => `${room.relay.url}/graphql`;

  test('a mutation by GET is refused', async () => {
    const query = encodeURIComponent('mutation { signOut { __typename } }');
    const response = await fetch(`${url()}?query=${query}`, { headers: script(room).headers });
    expect(response.status).toBe(405);
  });

  test('a query by GET is answered', async () => {
    const query = encodeURIComponent('{ signup { open } }');
    expect((await answerOf(await fetch(`${url()}?query=${query}`))).data.signup.open).toBe(true);
  });

  test.each(['application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'text/plain', ''])(
    'content of type "%s" is refused',
    async (type) => {
      const headers = { ...script(room).headers, 'content-type': type };
      const response = await fetch(url(), { method: 'POST', headers, body: 'query={signup{open}}' });
      expect(response.status).toBe(415);
      expect(await response.json()).toMatchObject({ code: 'UNSUPPORTED_TYPE' });
    },
  );

  test('a batch is refused', async () => {
    const headers = { 'content-type': 'application/json' };
    const body = JSON.stringify([{ query: '{ signup { open } }' }, { query: '{ signup { open } }' }]);
    expect((await fetch(url(), { method: 'POST', headers, body })).status).toBe(400);
  });

  test('text that is not JSON is refused without a stack', async () => {
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(url(), { method: 'POST', headers, body: '{"query":' });
    expect(response.status).toBe(400);
    expect(await response.text()).not.toMatch(/at |node_modules|server\//);
  });

  test('a body over one mebibyte is refused, announced or not', async () => {
    const body = JSON.stringify({ query: '{ signup { open } }', variables: { x: 'x'.repeat(1_100_000) } });
    const headers = { 'content-type': 'application/json' };
    expect((await fetch(url(), { method: 'POST', headers, body })).status).toBe(413);
    expect(await chunked(url(), body)).toBe(413);
  });
});

/** Posts without a content-length. */
function chunked(url: string, body: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json', 'transfer-encoding': 'chunked' };
    const request = httpRequest(url, { method: 'POST', headers }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    request.on('error', reject);
    for (let at = 0; at < body.length; at += 65_536) request.write(body.slice(at, at + 65_536));
    request.end();
  });
}

test('a key that is not valid is told so, with 401', async () => {
  const { token } = room.seed.key;
  const another = token.slice(0, -1) + (token.endsWith('0') ? '1' : '0');
  for (const authorization of ['Bearer rlo_x_1', 'Basic x', `Bearer ${another}`]) {
    const answer = await post(room, '{ viewer { organizations { slug } } }', {}, { authorization });
    expect(answer.status).toBe(401);
    expect(answer.errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }]);
  }
});

test('what nobody expected is masked: no SQL, no stack, no names of tables', async () => {
  const document =
    'query S($id: ID!) { node(id: $id) { ... on Organization { stats(range: DAY) { delivered } } } }';
  const answer = await withoutTable(room.relay.sql, 'rollup', () =>
    script(room).ask(document, { id: organizationId(room.seed) }),
  );
  expect(answer.errors).toMatchObject([
    { message: 'Something went wrong.', extensions: { code: 'INTERNAL_SERVER_ERROR' } },
  ]);
  expect(answer.text).not.toMatch(/rollup|select|\.ts/);
});

test('a database that is away is told as such, and logged without statements or values', () => {
  const driver = Object.assign(new Error('insert into x values (secret)'), { code: 'ECONNREFUSED' });
  const wrapped = new Error('insert into x values (secret)', { cause: driver });
  expect(databaseIsGone(wrapped)).toBe(true);
  expect(databaseIsGone(new Error('anything else'))).toBe(false);
  expect(JSON.stringify(loggable(wrapped))).not.toContain('secret');
  expect(loggable(wrapped)).toMatchObject({ code: 'ECONNREFUSED', stack: expect.stringContaining('at ') });
});
