export interface Listed {
  id: string;
  /** ISO 8601, UTC, to the millisecond. */
  acceptedAt: string;
  eventId: string;
}

/** Newest first. `held` waits behind a "new events" button while the reader is further down. */
export interface EventList<Row extends Listed> {
  rows: readonly Row[];
  held: readonly Row[];
  endCursor: string | null;
  hasMore: boolean;
  /** The oldest rows were let go; a reload brings the beginning back. */
  trimmed: boolean;
}

export type ListChange<Row extends Listed> =
  | { kind: 'first-page'; rows: readonly Row[]; endCursor: string | null; hasMore: boolean }
  | { kind: 'next-page'; rows: readonly Row[]; endCursor: string | null; hasMore: boolean }
  | { kind: 'event'; row: Row; hold: boolean }
  | { kind: 'left'; id: string }
  | { kind: 'release' };

/** A page left open on a busy organisation must not grow for ever. */
export const ROWS_MAX = 1_000;

export const emptyList = <Row extends Listed>(): EventList<Row> => ({
  rows: [],
  held: [],
  endCursor: null,
  hasMore: false,
  trimmed: false,
});

const newerFirst = (a: Listed, b: Listed): number => {
  if (a.acceptedAt !== b.acceptedAt) return a.acceptedAt < b.acceptedAt ? 1 : -1;
  return a.eventId < b.eventId ? 1 : a.eventId > b.eventId ? -1 : 0;
};

function merge<Row extends Listed>(known: readonly Row[], added: readonly Row[]): Row[] {
  const byId = new Map(known.map((row) => [row.id, row]));
  for (const row of added) byId.set(row.id, row);
  return [...byId.values()].sort(newerFirst);
}

function trim<Row extends Listed>(list: EventList<Row>): EventList<Row> {
  if (list.rows.length <= ROWS_MAX) return list;
  return { ...list, rows: list.rows.slice(0, ROWS_MAX), trimmed: true, hasMore: false };
}

const replace = <Row extends Listed>(rows: readonly Row[], row: Row): Row[] =>
  rows.map((known) => (known.id === row.id ? row : known));

const holds = (rows: readonly Listed[], id: string): boolean => rows.some((row) => row.id === id);

function take<Row extends Listed>(list: EventList<Row>, row: Row, hold: boolean): EventList<Row> {
  if (holds(list.rows, row.id)) return { ...list, rows: replace(list.rows, row) };
  if (holds(list.held, row.id)) return { ...list, held: replace(list.held, row) };
  const oldest = list.rows.at(-1);
  // An old event that changed belongs to a page not loaded yet and will come with it.
  if (oldest && newerFirst(oldest, row) < 0 && (list.hasMore || list.trimmed)) return list;
  if (hold) return { ...list, held: merge(list.held, [row]).slice(0, ROWS_MAX) };
  return trim({ ...list, rows: merge(list.rows, [row]) });
}

/** The next state of a live list; never changes the one it is given. */
export function changeList<Row extends Listed>(
  list: EventList<Row>,
  change: ListChange<Row>,
): EventList<Row> {
  switch (change.kind) {
    case 'first-page':
      return {
        rows: change.rows,
        held: [],
        endCursor: change.endCursor,
        hasMore: change.hasMore,
        trimmed: false,
      };
    case 'next-page':
      return {
        ...list,
        rows: merge(change.rows, list.rows),
        endCursor: change.endCursor,
        hasMore: change.hasMore,
      };
    case 'event':
      return take(list, change.row, change.hold);
    case 'left':
      return {
        ...list,
        rows: list.rows.filter(({ id }) => id !== change.id),
        held: list.held.filter(({ id }) => id !== change.id),
      };
    case 'release':
      return trim({ ...list, rows: merge(list.rows, list.held), held: [] });
  }
}
