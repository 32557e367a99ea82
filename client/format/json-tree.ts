import type { JsonTokenKind } from './json.ts';
import { lexemesOf } from './json.ts';

type Leaf = Exclude<JsonTokenKind, 'key' | 'mark' | 'space'>;

/** A value of a JSON text with its own spelling: nothing is parsed into a number or a string and printed again. */
export interface JsonNode {
  /** Its name in an object, as the literal it was sent as. */
  key: string | undefined;
  kind: Leaf | 'object' | 'array';
  /** The literal; empty for objects and arrays. */
  text: string;
  children: JsonNode[];
}

const leafKind = (text: string): Leaf => {
  if (text.startsWith('"')) return 'string';
  return /^[-\d]/.test(text) ? 'number' : 'word';
};

/**
 * The tree of a JSON text, doubled keys included; undefined when it is not one. Without recursion, because 65,536 bytes
 * are room for a very deep one.
 */
export function treeOf(raw: string): JsonNode | undefined {
  const lexemes = lexemesOf(raw);
  const root: JsonNode = { key: undefined, kind: 'array', text: '', children: [] };
  const open: JsonNode[] = [root];
  let key: string | undefined;
  for (const [index, text] of lexemes.entries()) {
    const parent = open.at(-1)!;
    if (text === ',' || text === ':') continue;
    if (text === '}' || text === ']') {
      if (open.length < 2 || (parent.kind === 'object') !== (text === '}')) return undefined;
      open.pop();
    } else if (parent.kind === 'object' && key === undefined) {
      if (lexemes[index + 1] !== ':') return undefined;
      key = text;
    } else {
      const kind = text === '{' ? 'object' : text === '[' ? 'array' : leafKind(text);
      const inner = kind === 'object' || kind === 'array';
      const node: JsonNode = { key, kind, text: inner ? '' : text, children: [] };
      key = undefined;
      parent.children.push(node);
      if (inner) open.push(node);
    }
  }
  return open.length === 1 && root.children.length === 1 ? root.children[0] : undefined;
}

/** `{ 3 keys }`, `[ 1 item ]`. */
export function sizeOf(node: JsonNode): string {
  const n = node.children.length;
  if (node.kind === 'object') return n === 0 ? '{}' : `{ ${n} ${n === 1 ? 'key' : 'keys'} }`;
  return n === 0 ? '[]' : `[ ${n} ${n === 1 ? 'item' : 'items'} ]`;
}
