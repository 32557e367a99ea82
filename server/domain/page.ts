import { ValidationError } from '../errors.ts';
import type { Cursors } from './cursors.ts';

export const PAGE_MAX = 100;
export const PAGE_DEFAULT = 25;

export interface PageArgs {
  first?: number | null;
  after?: string | null;
  last?: number | null;
  before?: string | null;
}

export interface Page<T> {
  edges: { cursor: string; node: T }[];
  pageInfo: {
    startCursor: string | null;
    endCursor: string | null;
    hasNextPage: boolean;
    hasPreviousPage: boolean;
  };
}

/** What to read for a page: keys beyond `after`, short of `before`, in list order or against it. */
export interface Span {
  after: string | null;
  before: string | null;
  /** Read from the far end: the page is the last `size` rows. */
  backward: boolean;
  size: number;
}

/** Checks the arguments of a list. Throws ValidationError for sizes outside 1–100 and for forged or foreign cursors. */
export function spanOf(cursors: Cursors, scope: string, args: PageArgs): Span {
  if (args.first != null && args.last != null) {
    throw new ValidationError([{ field: 'last', message: 'Give either first or last, not both.' }]);
  }
  const backward = args.last != null;
  const size = args.first ?? args.last ?? PAGE_DEFAULT;
  if (size < 1 || size > PAGE_MAX) {
    const field = backward ? 'last' : 'first';
    throw new ValidationError([{ field, message: `${field} must be from 1 to ${PAGE_MAX}.` }]);
  }
  return {
    after: args.after == null ? null : cursors.decode(scope, 'after', args.after),
    before: args.before == null ? null : cursors.decode(scope, 'before', args.before),
    backward,
    size,
  };
}

/**
 * Makes a page of the rows read for a span: up to `size + 1` of them, in the order they were read, so that the one too
 * many tells whether there is more without counting.
 */
export function pageOf<T>(
  cursors: Cursors,
  scope: string,
  span: Span,
  read: T[],
  keyOf: (row: T) => string,
): Page<T> {
  const more = read.length > span.size;
  const rows = read.slice(0, span.size);
  if (span.backward) rows.reverse();
  const edges = rows.map((node) => ({ cursor: cursors.encode(scope, keyOf(node)), node }));
  return {
    edges,
    pageInfo: {
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
      hasNextPage: span.backward ? span.before !== null : more,
      hasPreviousPage: span.backward ? more : span.after !== null,
    },
  };
}

/** The condition on a unique column that is read in rising order, for MikroORM. */
export function keyRange(span: Span): { $gt?: string; $lt?: string } | undefined {
  if (span.after === null && span.before === null) return undefined;
  return {
    ...(span.after === null ? {} : { $gt: span.after }),
    ...(span.before === null ? {} : { $lt: span.before }),
  };
}
