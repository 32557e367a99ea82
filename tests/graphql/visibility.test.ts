import { beforeAll, describe, expect, test } from 'vitest';
import { schema } from '../../server/graphql/schema.ts';
import { useRelay } from '../harness/room.ts';
import type { Person } from './api.ts';
import { script } from './api.ts';
import { selectionOf, tenantTypes } from './coordinates.ts';
import type { Tenant } from './tenant.ts';
import { furnish } from './tenant.ts';

const room = useRelay();
const strangers = ['owner', 'member', 'key'] as const;
let foreign: Tenant;
let home: Tenant;
beforeAll(async () => void ([foreign, home] = [await furnish(room), await furnish(room)]));

describe('all that an organisation can see', () => {
  /** Everything the schema shows of each kind of thing, two steps from it. */
  async function view(person: Person): Promise<string> {
    const parts: string[] = [];
    for (const type of tenantTypes) {
      const document = `query V($id: ID!) { node(id: $id) { ... on ${type} ${selectionOf(schema.getType(type)!, 3)} } }`;
      parts.push((await person.ask(document, { id: home.ids[type] })).text);
    }
    parts.push((await person.ask(`{ viewer ${selectionOf(schema.getType('Viewer')!, 3)} }`)).text);
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
