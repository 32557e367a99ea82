import { getNamedType } from 'graphql';
import { beforeAll, describe, expect, test } from 'vitest';
import { schema } from '../../server/graphql/schema.ts';
import { useRelay } from '../harness/room.ts';
import type { Person } from './api.ts';
import { script } from './api.ts';
import {
  askedFor,
  documentOf,
  idPositions,
  innerFields,
  pathsTo,
  put,
  selectionOf,
  tenantTypes,
  textPaths,
  variablesOf,
} from './coordinates.ts';
import type { Tenant } from './tenant.ts';
import { furnish } from './tenant.ts';

const room = useRelay();
const strangers = ['owner', 'member', 'key'] as const;
let foreign: Tenant;
let home: Tenant;
beforeAll(async () => void ([foreign, home] = [await furnish(room), await furnish(room)]));

describe('all that an organisation can see', () => {
  /** Everything the schema shows of each kind of thing, two steps from it, and without being asked for any of them. */
  async function view(person: Person): Promise<string> {
    const parts: string[] = [];
    for (const type of tenantTypes) {
      const document = `query V($id: ID!) { node(id: $id) { ... on ${type} ${selectionOf(schema.getType(type)!, 3)} } }`;
      parts.push((await person.ask(document, { id: home.ids[type] })).text);
    }
    for (const field of Object.values(schema.getQueryType()!.getFields())) {
      const asked = askedFor(field, 3);
      if (asked) parts.push((await person.ask(`{ ${asked} }`)).text);
    }
    expect(parts.filter((part) => 'errors' in (JSON.parse(part) as object))).toEqual([]);
    return parts.join('\n');
  }

  test.each(strangers)(
    'holds nothing of another’s for its %s, and stays the same whatever others do',
    async (who) => {
      const seen = await view(home[who]);
      expect(seen).toContain(home.marks.at(-1)!.split('@')[1]!);
      for (const mark of foreign.marks) expect(seen).not.toContain(mark);
      const third = await furnish(room);
      await script(room, third.seed).mutate('deactivateApp', { id: third.ids['App'] });
      expect(await view(home[who])).toBe(seen);
    },
  );
});

const named = [
  ...Object.values(schema.getQueryType()!.getFields()).map((field) => ({ parent: null, field })),
  ...innerFields(),
].filter(({ field }) => textPaths(field).length > 0);

describe.each(strangers)('the %s of another organisation', (stranger) => {
  test.each(
    named.map(
      ({ parent, field }) => [`${parent?.name ?? 'Query'}.${field.name}`, parent?.name, field] as const,
    ),
  )('finds nothing by what others call their things in %s', async (_name, parent, field) => {
    const own = variablesOf(field, (path, required) => {
      const { types } = idPositions(field).find((each) => each.path.join() === path.join())!;
      return required ? home.ids[types[0]!] : undefined;
    });
    const since = new Date(room.clock.now() - 3_600_000).toISOString();
    const from = pathsTo('DateTime', field).find((path) => path.at(-1) === 'from');
    const given = from ? put(own, from, since) : own;
    const selection = selectionOf(getNamedType(field.type), 2);
    for (const path of textPaths(field)) {
      const ask = async (text: string) => {
        const variables = put(given, path, text);
        const document = documentOf('query', field, variables, selection, parent);
        const { data, errors } = await home[stranger].ask(document, {
          ...variables,
          ...(parent ? { parent: home.ids[parent] } : {}),
        });
        return { data, errors };
      };
      const nothing = await ask('absent');
      expect(nothing.errors, path.join('.')).toEqual([]);
      for (const name of foreign.names) {
        expect(await ask(name), `${path.join('.')}: ${name}`).toEqual(nothing);
      }
    }
  });

  test('finds by such a name what is its own', async () => {
    const document = `query F($slug: String!, $search: String!) {
      organization(slug: $slug) { id apps(search: $search) { edges { node { id } } } } }`;
    const { data } = await home[stranger].ask(document, { slug: home.seed.slug, search: home.app.slug });
    const edges = [{ node: { id: home.ids['App'] } }];
    expect(data.organization).toEqual({ id: home.ids['Organization'], apps: { edges } });
  });
});
