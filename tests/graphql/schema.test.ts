import { readFileSync } from 'node:fs';
import { isEnumType, isInputObjectType, isInterfaceType, isIntrospectionType, isObjectType } from 'graphql';
import type { GraphQLNamedType } from 'graphql';
import { expect, test } from 'vitest';
import { printedSchema } from '../../server/graphql/print.ts';
import { schema } from '../../server/graphql/schema.ts';

interface Described {
  name: string;
  description?: string | null;
}

function partsOf(type: GraphQLNamedType): Described[] {
  const named = (part: Described) => ({ name: `${type.name}.${part.name}`, description: part.description });
  if (isEnumType(type)) return type.getValues().map(named);
  if (isInputObjectType(type)) return Object.values(type.getFields()).map(named);
  if (!isObjectType(type) && !isInterfaceType(type)) return [];
  return Object.values(type.getFields()).flatMap((field) => [
    named(field),
    ...field.args.map((arg) => named({ name: `${field.name}(${arg.name})`, description: arg.description })),
  ]);
}

const types = Object.values(schema.getTypeMap()).filter((type) => !isIntrospectionType(type));

test('everything in the schema is described', () => {
  const builtIn = new Set(['String', 'Int', 'Float', 'Boolean', 'ID']);
  const described = types
    .filter((type) => !builtIn.has(type.name))
    .flatMap((type) => [type, ...partsOf(type)]);
  expect(described.filter((part) => !part.description?.trim()).map((part) => part.name)).toEqual([]);
});

test('schema.graphql is what the code describes', () => {
  expect(readFileSync(new URL('../../schema.graphql', import.meta.url), 'utf8')).toBe(printedSchema());
});

test('no field or input of the schema holds a hash, and inputs cannot set what Relay decides', () => {
  const names = types.flatMap(partsOf).map((part) => part.name);
  expect(names.filter((name) => /hash|secret/i.test(name))).toEqual([]);
  const decided =
    /^(Register|Update|SendTest|Resend)\w*Input\.(status|createdAt|active|token|lookup|origin)$/;
  expect(names.filter((name) => decided.test(name))).toEqual([]);
});
