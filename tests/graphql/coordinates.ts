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
  isUnionType,
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

/** Every place where the field takes an id, inputs within inputs included. */
export function idPositions(field: Field): IdPosition[] {
  const within = (input: Input, before: string[], seen: GraphQLNamedType[]): string[][] => {
    const [type, path] = [getNamedType(input.type), [...before, input.name]];
    if (type.name === 'ID') return [path];
    if (!isInputObjectType(type) || seen.includes(type)) return [];
    return Object.values(type.getFields()).flatMap((inner) => within(inner, path, [...seen, type]));
  };
  return field.args
    .flatMap((arg) => within(arg, [], []))
    .map((path) => ({ path, types: typesAt(field, path) }));
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

function valueOf(input: Input, before: string[], pick: (path: string[]) => string | undefined): unknown {
  const [type, path] = [getNamedType(input.type), [...before, input.name]];
  const many = (value: unknown) =>
    value !== undefined && isListType(getNullableType(input.type)) ? [value] : value;
  if (type.name === 'ID') return many(pick(path));
  const required = isRequiredArgument(input);
  if (isInputObjectType(type)) {
    const fields = Object.values(type.getFields()).map((each) => [each.name, valueOf(each, path, pick)]);
    const given = fields.filter(([, value]) => value !== undefined);
    return given.length > 0 || required ? many(Object.fromEntries(given)) : undefined;
  }
  if (!required) return undefined;
  const plain = isEnumType(type) ? type.getValues()[0]!.name : (TEXTS[input.name] ?? PLAIN[type.name]);
  if (plain === undefined) {
    throw new Error(
      `A value for ${path.join('.')} is needed: add ${type.name} to tests/graphql/coordinates.ts.`,
    );
  }
  return many(plain);
}

/** Values for what the field requires, and ids where `pick` gives one. */
export function variablesOf(field: Field, pick: (path: string[]) => string | undefined) {
  const entries = field.args.map((arg) => [arg.name, valueOf(arg, [], pick)] as const);
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}

/** What moves because its owner asks is left out of what is compared. */
const RESTLESS = ['lastUsedAt', 'expiresAt'];

function literals(field: Field): string | null {
  const paged = field.args.some((arg) => arg.name === 'first') ? ['first: 5'] : [];
  const required = field.args.filter(isRequiredArgument);
  const values = required.map((arg) => {
    const type = getNamedType(arg.type);
    // The longest range: its steps are so long that none begins between two answers.
    if (isEnumType(type))
      return `${arg.name}: ${type.getValues().find(({ name }) => name === 'MONTH')?.name ?? ''}`;
    return null;
  });
  if (values.includes(null)) return null;
  const all = [...paged, ...values];
  return all.length > 0 ? `(${all.join(', ')})` : '';
}

/** A selection of everything a type shows, `depth` objects deep. */
export function selectionOf(type: GraphQLNamedType, depth: number): string {
  if (isLeafType(type)) return '';
  if (isAbstractType(type)) {
    const possible = depth > 0 ? schema.getPossibleTypes(type) : [];
    return `{ __typename ${possible.map((each) => `... on ${each.name} ${selectionOf(each, depth)}`).join(' ')} }`;
  }
  const fields = Object.values((type as GraphQLObjectType).getFields()).flatMap((field) => {
    const inner = getNamedType(field.type);
    const args = literals(field);
    if (args === null || RESTLESS.includes(field.name)) return [];
    if (isLeafType(inner)) return [`${field.name}${args}`];
    return depth > 0 ? [`${field.name}${args} ${selectionOf(inner, depth - 1)}`] : [];
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

/** Whether a tenant's things can be reached from what a field returns. */
export function reachesTenant(type: GraphQLNamedType, seen = new Set<string>()): boolean {
  if (tenantTypes.includes(type.name) || type.name === 'Node') return true;
  if (seen.has(type.name) || isLeafType(type)) return false;
  seen.add(type.name);
  if (isUnionType(type)) return type.getTypes().some((each) => reachesTenant(each, seen));
  if (!isObjectType(type)) return false;
  return Object.values(type.getFields()).some((field) => reachesTenant(getNamedType(field.type), seen));
}
