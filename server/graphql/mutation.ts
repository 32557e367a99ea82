import type { FieldMap, InputFieldMap, InputShapeFromFields } from '@pothos/core';
import { ForbiddenError, ValidationError } from '../errors.ts';
import type { Types } from './builder.ts';
import { builder } from './builder.ts';
import type { Context } from './context.ts';
import { use } from './context.ts';
import { createLoaders } from './loaders.ts';

type ErrorClass = new (...args: never[]) => Error;

interface Mutation<Fields extends InputFieldMap, Success extends object> {
  description: string;
  input: (t: PothosSchemaTypes.InputFieldBuilder<Types, 'InputObject'>) => Fields;
  resolve: (input: InputShapeFromFields<Fields>, context: Context) => Promise<Success>;
  success: (t: PothosSchemaTypes.ObjectFieldBuilder<Types, Success>) => FieldMap;
  /** Expected failures besides ForbiddenError and ValidationError, which every mutation may answer. */
  errors?: ErrorClass[];
}

/**
 * Declares `name(input: NameInput!): NameResult!`, where NameResult is the union of NameSuccess and the expected
 * failures: errors of these classes become values, all others are told at the top level, masked when unexpected.
 */
export function mutation<Fields extends InputFieldMap, Success extends object>(
  name: string,
  { description, input, resolve, success, errors = [] }: Mutation<Fields, Success>,
): void {
  const title = name[0]!.toUpperCase() + name.slice(1);
  const inputRef = builder.inputType(`${title}Input`, {
    description: `What \`${name}\` needs.`,
    fields: input,
  });
  const successRef = builder.objectRef<Success>(`${title}Success`).implement({
    description: `\`${name}\` was done.`,
    fields: success,
  });
  builder.mutationField(name, (t) =>
    t.field({
      type: successRef,
      description,
      args: { input: t.arg({ type: inputRef, required: true, description: 'All values.' }) },
      errors: {
        types: [ValidationError, ForbiddenError, ...errors] as (new (...args: unknown[]) => Error)[],
        directResult: true,
        union: { name: `${title}Result`, description: `What \`${name}\` answers.` },
      },
      resolve: (_root, args, context) =>
        answered(resolve((args as { input: InputShapeFromFields<Fields> }).input, context), context) as never,
    }),
  );
}

/** The change is made: reading what it answers with must not fail as if it could be tried again. */
async function answered<Success extends object>(
  change: Promise<Success>,
  context: Context,
): Promise<Success> {
  const success = await change;
  use(context, { work: context.work, loaders: createLoaders(context.work, rowIds(success)) });
  return success;
}

function rowIds(success: object): ReadonlySet<string> {
  const values: unknown[] = Object.values(success);
  return new Set(values.flatMap((value) => (isRow(value) ? value.id : [])));
}

function isRow(value: unknown): value is { id: string } {
  return typeof value === 'object' && value !== null && 'id' in value && typeof value.id === 'string';
}
