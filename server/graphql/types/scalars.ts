import { GraphQLError, Kind } from 'graphql';
import { builder } from '../builder.ts';

const ISO = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})$/;

function dateOf(value: unknown): Date {
  const date = typeof value === 'string' && ISO.test(value) ? new Date(value) : null;
  if (date && !Number.isNaN(date.getTime())) return date;
  throw new GraphQLError('A DateTime is an ISO 8601 time with its zone, such as 2026-04-07T10:15:00.000Z.');
}

builder.scalarType('DateTime', {
  description: 'A time in ISO 8601, always UTC with milliseconds when answered: 2026-04-07T10:15:00.000Z.',
  serialize: (value) => new Date(value).toISOString(),
  parseValue: dateOf,
  parseLiteral: (node) => dateOf(node.kind === Kind.STRING ? node.value : null),
});
