import { expect, test } from 'vitest';
import { decodeLiteral, indentJson, isJsonObject, layOut } from '../../client/format/json.ts';

const withoutSpace = (raw: string): string => {
  const strings: string[] = [];
  const bare = raw.replace(/"(?:[^"\\]|\\[^])*"/g, (text) => `\u0000${strings.push(text) - 1}\u0000`);
  return bare.replace(/\s/g, '').replace(/\u0000(\d+)\u0000/g, (_all, index) => strings[Number(index)] ?? '');
};

test.each([
  '{"id":90071992547409931234,"ratio":1.0,"big":1e400,"minus":-0}',
  '{"a":1,"a":2,"b":{"z":[],"y":{}}}',
  String.raw`{"text":"\u00e9 \"quoted\" \\ \/ {not: [json]}, a:b","lone":"\ud800"}`,
  '{ "spaced" :\t[ 1 ,\n 2 ] }',
  '{}',
  '[[],[[]]]',
])('laying out %s changes white space and nothing else', (raw) => {
  expect(withoutSpace(indentJson(raw))).toBe(withoutSpace(raw));
});

test('every level is indented by two, and what is empty stays on its line', () => {
  expect(indentJson('{"a":[1,{"b":null}],"c":{}}')).toBe(
    '{\n  "a": [\n    1,\n    {\n      "b": null\n    }\n  ],\n  "c": {}\n}',
  );
});

test('keys, strings, numbers and words are told apart', () => {
  const kinds = layOut('{"a":"a","n":-1,"t":true}')
    .filter(({ kind }) => kind !== 'mark' && kind !== 'space')
    .map(({ kind }) => kind);
  expect(kinds).toEqual(['key', 'string', 'key', 'number', 'key', 'word']);
});

test('text that is not whole is shown rather than refused', () => {
  expect(withoutSpace(indentJson('{"a":[1,'))).toBe('{"a":[1,');
});

test('only objects count as payloads', () => {
  expect(isJsonObject('{"a":1}')).toBe(true);
  for (const text of ['[]', '"a"', 'null', '1', '{', '']) expect(isJsonObject(text)).toBe(false);
});

test('a reply is read from its literal, and shown as it is when it is none', () => {
  expect(decodeLiteral(String.raw`"line\nnext \u00e9"`)).toBe('line\nnext é');
  expect(decodeLiteral('not json')).toBe('not json');
});
