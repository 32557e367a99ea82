import { beforeAll, describe, expect, test } from 'vitest';
import { schema } from '../../server/graphql/schema.ts';
import { useRelay } from '../harness/room.ts';
import type { Field, Tree } from './coordinates.ts';
import {
  documentOf,
  idPositions,
  innerFields,
  pathsTo,
  put,
  tenantTypes,
  variablesOf,
} from './coordinates.ts';
import type { Tenant } from './tenant.ts';
import { furnish } from './tenant.ts';

/**
 * Generated from the schema: whatever can be given as a text, number or time is given values that break what does not
 * expect them. They may be refused or found to match nothing; they never make Relay fail.
 */
const room = useRelay();
let home: Tenant;
beforeAll(async () => void (home = await furnish(room)));

const VALUES: Record<string, unknown[]> = {
  String: [
    '',
    'a\u0000b',
    'half \ud800',
    `'; drop table organization; --`,
    '%_\\',
    '__proto__',
    'constructor',
    '<script>alert(1)</script>',
    '=1+1',
    'x'.repeat(100_000),
    '['.repeat(10_000),
    `{"a":${'['.repeat(10_000)}${']'.repeat(10_000)}}`,
    '{"__proto__":{"admin":true},"n":1e400,"id":12345678901234567890}',
    '\u202e\u0007',
  ],
  ID: ['', 'a\u0000b', 'half \ud800', '%', '__proto__', 'x'.repeat(100_000)],
  Int: [-2_147_483_648, -1, 0, 2_147_483_647, 1e300, 1.5],
  DateTime: ['0001-01-01T00:00:00Z', '9999-12-31T23:59:59.999Z', '275760-09-13T00:00:00Z', '', 'a\u0000b'],
};

/** Each place of the field's arguments that takes one of these. */
const places = (field: Field) =>
  Object.keys(VALUES).flatMap((type) => pathsTo(type, field).map((path) => ({ path, type })));

const fieldsOf = (type: { getFields(): Record<string, Field> } | null | undefined) =>
  Object.values(type!.getFields());
const cases = [
  ...fieldsOf(schema.getQueryType()).map((field) => ({ kind: 'query' as const, parent: undefined, field })),
  ...fieldsOf(schema.getMutationType()).map((field) => ({
    kind: 'mutation' as const,
    parent: undefined,
    field,
  })),
  ...innerFields()
    .filter(({ parent }) => tenantTypes.includes(parent.name))
    .map(({ parent, field }) => ({ kind: 'query' as const, parent: parent.name, field })),
].filter(({ field }) => places(field).length > 0);

describe('no value breaks', () => {
  const named = cases.map(
    (each) => [each.parent ? `${each.parent}.${each.field.name}` : each.field.name, each] as const,
  );

  test.each(named)(
    '%s',
    async (_name, { kind, parent, field }) => {
      const own = variablesOf(field, (path) => {
        const position = idPositions(field).find((each) => each.path.join() === path.join())!;
        return position.types.length > 1 ? home.ids['App'] : home.ids[position.types[0]!];
      });
      for (const { path, type } of places(field)) {
        for (const value of VALUES[type]!) {
          const variables = put(own, path, value);
          const document = documentOf(kind, field, variables, '{ __typename }', parent);
          const given = parent ? { ...variables, parent: home.ids[parent] } : variables;
          const { errors, status } = await home.owner.ask(document, given);
          const what = `${path.join('.')} = ${JSON.stringify(value).slice(0, 60)}`;
          const codes = errors.map(({ extensions }) => extensions?.['code']);
          expect(codes, what).not.toContain('INTERNAL_SERVER_ERROR');
          expect(codes, what).not.toContain('UNAVAILABLE');
          expect(status, what).toBeLessThan(500);
        }
      }
    },
    60_000,
  );
});

const paged = innerFields().filter(({ field }) => field.args.some(({ name }) => name === 'first'));
test.each(paged.map(({ parent, field }) => [`${parent.name}.${field.name}`, parent.name, field] as const))(
  '%s refuses pages of a size that is none, by the name of the argument',
  async (_name, parent, field) => {
    for (const argument of ['first', 'last']) {
      for (const size of [1_000_000, 101, 0, -1]) {
        const given = { [argument]: size };
        const document = documentOf('query', field, given, '{ __typename }', parent);
        const { errors } = await home.owner.ask(document, { ...given, parent: home.ids[parent] });
        const fields = [{ field: argument, message: `${argument} must be from 1 to 100.` }];
        expect(errors, JSON.stringify(given)).toMatchObject([{ extensions: { code: 'VALIDATION', fields } }]);
      }
    }
  },
);

describe('a text that lists are narrowed by is that very text', () => {
  // What the others do to theirs would be found here.
  let tenant: Tenant;
  beforeAll(async () => void (tenant = await furnish(room)));

  const narrowing = paged
    .filter(({ parent }) => tenantTypes.includes(parent.name))
    .flatMap(({ parent, field }) =>
      places(field)
        .filter(({ path, type }) => type === 'String' && !['after', 'before'].includes(path.at(-1)!))
        .map(
          ({ path }) =>
            [`${parent.name}.${field.name}(${path.join('.')})`, parent.name, field, path] as const,
        ),
    );

  test('and there are such lists', () => expect(narrowing.length).toBeGreaterThan(5));

  test.each(narrowing)('%s', async (_name, parent, field, path) => {
    const list = async (given: Tree) => {
      const document = documentOf('query', field, given, '{ edges { cursor } }', parent);
      const { data, errors } = await tenant.owner.ask(document, { ...given, parent: tenant.ids[parent] });
      expect(errors).toEqual([]);
      return data.node[field.name].edges as unknown[];
    };
    const timed = places(field).some((place) => place.path.join('.') === 'filter.from');
    const from = new Date(room.clock.now() - 86_400_000).toISOString();
    const all = timed ? put({}, ['filter', 'from'], from) : {};
    expect(await list(all)).not.toEqual([]);
    for (const text of ['%', '_', '%%', '_%', '\\', '\\%', `' or true --`, `%') or ('1' ilike '%`])
      expect(await list(put(all, path, text)), text).toEqual([]);
  });
});

test('nothing was changed in anybody by it', async () => {
  expect(({} as { admin?: boolean }).admin).toBeUndefined();
  const { data, errors } = await home.owner.ask('{ viewer { organizations { slug } } }');
  expect(errors).toEqual([]);
  expect(data.viewer.organizations).toContainEqual({ slug: home.seed.slug });
});
