import { describe, expect, test } from 'vitest';
import type { JsonNode } from '../../client/format/json-tree.ts';
import { sizeOf, treeOf } from '../../client/format/json-tree.ts';

/** What the tree says, on one line. */
function spelled(node: JsonNode): string {
  const name = node.key === undefined ? '' : `${node.key}:`;
  if (node.kind === 'object') return `${name}{${node.children.map(spelled).join(',')}}`;
  if (node.kind === 'array') return `${name}[${node.children.map(spelled).join(',')}]`;
  return name + node.text;
}

describe('a JSON tree', () => {
  test.each([
    '{"n":12345678901234567890,"a":1,"a":2,"e":"\\u0000\\ud800","f":1e400}',
    '{"list":[1,[],{},{"deep":[true,null,"x,y:{}"]}]}',
    '"just text"',
    '[]',
    '-0.0',
  ])('keeps every value as it is spelled: %s', (raw) => {
    expect(spelled(treeOf(raw)!)).toBe(raw);
  });

  test('does not mind white space, nor how deep it goes', () => {
    expect(spelled(treeOf(' {\n "a" : [ 1 , 2 ] } ')!)).toBe('{"a":[1,2]}');
    const depth = 30_000;
    let node = treeOf('['.repeat(depth) + ']'.repeat(depth));
    let seen = 0;
    for (; node; node = node.children[0]) seen += 1;
    expect(seen).toBe(depth);
  });

  test.each(['', '{', '{"a":1', '[1]]', '{"a"}', '[1}', '1 2'])(
    'is none where there is no JSON: %j',
    (raw) => {
      expect(treeOf(raw)).toBeUndefined();
    },
  );

  test('says how much is inside', () => {
    const sizes = ['{}', '[]', '{"a":1}', '[1,2]'].map((raw) => sizeOf(treeOf(raw)!));
    expect(sizes).toEqual(['{}', '[]', '{ 1 key }', '[ 2 items ]']);
  });
});
