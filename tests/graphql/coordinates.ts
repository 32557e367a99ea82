import {
  getNamedType,
  getNullableType,
  isAbstractType,
  isEnumType,
  isInputObjectType,
  isLeafType,
  isListType,
  isObjectType,
  isRequiredArgument,
} from 'graphql';
import type {
  GraphQLArgument,
  GraphQLField,
  GraphQLInputField,
  GraphQLNamedType,
  GraphQLObjectType,
} from 'graphql';
import { schema } from '../../server/graphql/schema.ts';

/** Everything that has a global id and so could be another organisation's. */
export const tenantTypes = schema
  .getPossibleTypes(schema.getType('Node') as never)
  .map((type) => type.name)
  .sort();

export type Field = GraphQLField<unknown, unknown>;
type Input = GraphQLArgument | GraphQLInputField;

/** Where a field takes an id: `['input', 'appId']` is the field `appId` of its argument `input`. */
export interface IdPosition {
  path: string[];
  /** The types whose ids belong there. */
  types: string[];
}

/** What ids mean whose names do not tell. */
const NAMED_OTHERWISE: Record<string, string> = {
  'changeAllowlist(input.allow)': 'App',
  'changeAllowlist(input.disallow)': 'App',
  'changeRole(input.id)': 'Membership',
  'removeMember(input.id)': 'Membership',
};

/** `updateApp` changes an App, `rotateAgentToken` and `deleteAppContents` what belongs to one, `app` is one. */
function nounOf(field: string): string | undefined {
  const byLength = [...tenantTypes].sort((a, b) => b.length - a.length);
  return byLength.find((type) =>
    field
      .replace(/(Token|Contents?)$/, '')
      .toLowerCase()
      .endsWith(type.toLowerCase()),
  );
}

function typesAt(field: Field, path: string[]): string[] {
  const coordinate = `${field.name}(${path.join('.')})`;
  const name = path.at(-1)!;
  if (getNamedType(field.type).name === 'Node') return tenantTypes;
  const noun = name === 'id' ? nounOf(field.name) : name.replace(/Ids?$/, '');
  const type =
    NAMED_OTHERWISE[coordinate] ?? tenantTypes.find((each) => each.toLowerCase() === noun?.toLowerCase());
  if (type) return [type];
  throw new Error(`Whose id is ${coordinate}? Add it to NAMED_OTHERWISE in tests/graphql/coordinates.ts.`);
}

/** Every place where the field takes a value of this type, inputs within inputs included. */
export function pathsTo(typeName: string, field: Field): string[][] {
  const within = (input: Input, before: string[], seen: GraphQLNamedType[]): string[][] => {
    const [type, path] = [getNamedType(input.type), [...before, input.name]];
    if (type.name === typeName) return [path];
    if (!isInputObjectType(type) || seen.includes(type)) return [];
    return Object.values(type.getFields()).flatMap((inner) => within(inner, path, [...seen, type]));
  };
  return field.args.flatMap((arg) => within(arg, [], []));
}

export function idPositions(field: Field): IdPosition[] {
  return pathsTo('ID', field).map((path) => ({ path, types: typesAt(field, path) }));
}

const CURSORS = ['after', 'before'];

/** Where the field takes a text, which may be what somebody calls their things. */
export function textPaths(field: Field): string[][] {
  return pathsTo('String', field).filter((path) => !CURSORS.includes(path.at(-1)!));
}

export type Tree = { [name: string]: unknown };

/** The field's variables with one value put where the path leads. */
export function put(variables: Tree, [name, ...rest]: string[], value: unknown): Tree {
  if (rest.length === 0) return { ...variables, [name!]: value };
  return { ...variables, [name!]: put((variables[name!] ?? {}) as Tree, rest, value) };
}

const TEXTS: Record<string, string> = {
  payload: '{}',
  email: 'somebody@people.test',
  code: '000000',
};
const PLAIN: Record<string, unknown> = {
  String: 'some-text',
  Int: 60,
  Float: 1,
  Boolean: false,
  DateTime: '2099-01-01T00:00:00Z',
};

/** The id for a place, if one belongs there; `required`: without one nothing can be asked. */
type Pick = (path: string[], required: boolean) => string | undefined;

/** Any value of a type that is neither an id nor made of others. */
function plainOf(input: Input, path: string[]): unknown {
  const type = getNamedType(input.type);
  // The longest range: its steps are so long that none begins between two answers.
  const names = isEnumType(type) ? type.getValues().map(({ name }) => name) : [];
  const plain = names.find((name) => name === 'MONTH') ?? names[0] ?? TEXTS[input.name] ?? PLAIN[type.name];
  if (plain !== undefined) return plain;
  throw new Error(
    `A value for ${path.join('.')} is needed: add ${type.name} to tests/graphql/coordinates.ts.`,
  );
}

function valueOf(input: Input, before: string[], pick: Pick): unknown {
  const [type, path] = [getNamedType(input.type), [...before, input.name]];
  const many = (value: unknown) =>
    value !== undefined && isListType(getNullableType(input.type)) ? [value] : value;
  const required = isRequiredArgument(input);
  if (type.name === 'ID') return many(pick(path, required));
  if (isInputObjectType(type)) {
    const fields = Object.values(type.getFields()).map((each) => [each.name, valueOf(each, path, pick)]);
    const given = fields.filter(([, value]) => value !== undefined);
    return given.length > 0 || required ? many(Object.fromEntries(given)) : undefined;
  }
  if (!required) return undefined;
  return many(plainOf(input, path));
}

/** Values for what the field requires, and ids where `pick` gives one. */
export function variablesOf(field: Field, pick: Pick) {
  const entries = field.args.map((arg) => [arg.name, valueOf(arg, [], pick)] as const);
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}

/** What moves because its owner asks is left out of what is compared. */
const RESTLESS = ['lastUsedAt', 'expiresAt'];

/** What is required, as text of a document; null where that is an id, which is tried apart. */
function literalOf(input: Input): string | null {
  const type = getNamedType(input.type);
  if (type.name === 'ID') return null;
  if (isEnumType(type)) return String(plainOf(input, [input.name]));
  if (!isInputObjectType(type)) return JSON.stringify(plainOf(input, [input.name]));
  const fields = literalsOf(Object.values(type.getFields()));
  return fields && `{ ${fields.join(', ')} }`;
}

function literalsOf(inputs: readonly Input[]): string[] | null {
  const required = inputs.filter(isRequiredArgument).map((input) => {
    const literal = literalOf(input);
    return literal && `${input.name}: ${literal}`;
  });
  return required.includes(null) ? null : (required as string[]);
}

/** A field with what it requires and everything it shows, `depth` objects deep; null where it requires an id. */
export function askedFor(field: Field, depth: number): string | null {
  const paged = field.args.some((arg) => arg.name === 'first') ? ['first: 5'] : [];
  const required = literalsOf(field.args);
  if (required === null) return null;
  const all = [...paged, ...required];
  return `${field.name}${all.length > 0 ? `(${all.join(', ')})` : ''} ${selectionOf(getNamedType(field.type), depth)}`;
}

/** A selection of everything a type shows, `depth` objects deep. */
export function selectionOf(type: GraphQLNamedType, depth: number): string {
  if (isLeafType(type)) return '';
  if (isAbstractType(type)) {
    const possible = depth > 0 ? schema.getPossibleTypes(type) : [];
    return `{ __typename ${possible.map((each) => `... on ${each.name} ${selectionOf(each, depth)}`).join(' ')} }`;
  }
  const fields = Object.values((type as GraphQLObjectType).getFields()).flatMap((field) => {
    const tooDeep = depth === 0 && !isLeafType(getNamedType(field.type));
    if (tooDeep || RESTLESS.includes(field.name)) return [];
    return askedFor(field, depth - 1) ?? [];
  });
  return `{ __typename ${fields.join(' ')} }`;
}

/** A document with this one field, `$name` for each argument that is given. */
export function documentOf(
  kind: 'query' | 'mutation' | 'subscription',
  field: Field,
  given: object,
  selection: string,
  parent?: string,
): string {
  const args = field.args.filter((arg) => arg.name in given);
  const declared = args.map((arg) => `$${arg.name}: ${String(arg.type)}`);
  const call = `${field.name}${args.length > 0 ? `(${args.map(({ name }) => `${name}: $${name}`).join(', ')})` : ''} ${selection}`;
  if (parent) declared.push('$parent: ID!');
  const head = declared.length > 0 ? `(${declared.join(', ')})` : '';
  return `${kind} T${head} { ${parent ? `node(id: $parent) { ... on ${parent} { ${call} } }` : call} }`;
}

/** Fields of everything but the three roots. */
export function innerFields(): { parent: GraphQLObjectType; field: Field }[] {
  const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()];
  return Object.values(schema.getTypeMap())
    .filter((type): type is GraphQLObjectType => isObjectType(type) && !type.name.startsWith('__'))
    .filter((type) => !roots.includes(type))
    .flatMap((parent) => Object.values(parent.getFields()).map((field) => ({ parent, field })));
}
