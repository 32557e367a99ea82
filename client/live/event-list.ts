export interface Listed {
  id: string;
  /** ISO 8601, UTC, to the millisecond. */
  acceptedAt: string;
  eventId: string;
  /** Its position in the history, from which one can read on both ways. */
  cursor: string;
}

/** A stretch of the history, newest first. `held` waits behind a "new events" button. */
export interface EventList<Row extends Listed> {
  rows: readonly Row[];
  held: readonly Row[];
  /** Where older events are to be read on from; null: the last row is the oldest there is. */
  older: string | null;
  /** Where newer events are to be read back from, once those were let go; null: the first row is the newest. */
  newer: string | null;
}

export type ListChange<Row extends Listed> =
  | { kind: 'first-page'; rows: readonly Row[]; hasMore: boolean }
  | { kind: 'older-page'; rows: readonly Row[]; hasMore: boolean }
  | { kind: 'newer-page'; rows: readonly Row[]; hasMore: boolean }
  | { kind: 'event'; row: Row; hold: boolean }
  | { kind: 'left'; id: string }
  | { kind: 'release' };

/** A page left open on a busy organisation must not grow for ever: the end that is not looked at is let go. */
export const ROWS_MAX = 10_000;

export const emptyList = <Row extends Listed>(): EventList<Row> => ({
  rows: [],
  held: [],
  older: null,
  newer: null,
});

const newerFirst = (a: Listed, b: Listed): number => {
  if (a.acceptedAt !== b.acceptedAt) return a.acceptedAt < b.acceptedAt ? 1 : -1;
  return a.eventId < b.eventId ? 1 : a.eventId > b.eventId ? -1 : 0;
};

/** Where a row stands or would have to stand: a scan of thousands of rows for each event would be felt. */
function place(rows: readonly Listed[], row: Listed): { at: number; known: boolean } {
  let [low, high] = [0, rows.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (newerFirst(rows[middle]!, row) < 0) low = middle + 1;
    else high = middle;
  }
  return { at: low, known: rows[low]?.id === row.id };
}

function put<Row extends Listed>(rows: readonly Row[], row: Row): Row[] {
  const { at, known } = place(rows, row);
  return known ? rows.with(at, row) : rows.toSpliced(at, 0, row);
}

function merge<Row extends Listed>(known: readonly Row[], added: readonly Row[]): Row[] {
  const byId = new Map(known.map((row) => [row.id, row]));
  for (const row of added) byId.set(row.id, row);
  return [...byId.values()].sort(newerFirst);
}

function dropOldest<Row extends Listed>(list: EventList<Row>): EventList<Row> {
  if (list.rows.length <= ROWS_MAX) return list;
  const rows = list.rows.slice(0, ROWS_MAX);
  return { ...list, rows, older: rows.at(-1)!.cursor };
}

function dropNewest<Row extends Listed>(list: EventList<Row>): EventList<Row> {
  if (list.rows.length <= ROWS_MAX) return list;
  const rows = list.rows.slice(-ROWS_MAX);
  return { ...list, rows, newer: rows[0]!.cursor };
}

function take<Row extends Listed>(list: EventList<Row>, row: Row, hold: boolean): EventList<Row> {
  const { at, known } = place(list.rows, row);
  if (known) return { ...list, rows: list.rows.with(at, row) };
  if (place(list.held, row).known) return { ...list, held: put(list.held, row) };
  // An event beyond what is loaded belongs to a page not read yet and will come with it.
  if (at === list.rows.length && list.older !== null) return list;
  const beyondTop = at === 0 && list.newer !== null;
  if (hold || beyondTop) return { ...list, held: put(list.held, row).slice(0, ROWS_MAX) };
  return dropOldest({ ...list, rows: put(list.rows, row) });
}

const without = <Row extends Listed>(rows: readonly Row[], id: string): readonly Row[] =>
  rows.some((row) => row.id === id) ? rows.filter((row) => row.id !== id) : rows;

/** The next state of a live list; never changes the one it is given. */
export function changeList<Row extends Listed>(
  list: EventList<Row>,
  change: ListChange<Row>,
): EventList<Row> {
  switch (change.kind) {
    case 'first-page':
      return {
        ...emptyList(),
        rows: change.rows,
        older: change.hasMore ? (change.rows.at(-1)?.cursor ?? null) : null,
      };
    case 'older-page': {
      const rows = merge(change.rows, list.rows);
      return dropNewest({ ...list, rows, older: change.hasMore ? (rows.at(-1)?.cursor ?? null) : null });
    }
    case 'newer-page': {
      const rows = merge(change.rows, list.rows);
      return dropOldest({ ...list, rows, newer: change.hasMore ? (rows[0]?.cursor ?? null) : null });
    }
    case 'event':
      return take(list, change.row, change.hold);
    case 'left':
      return { ...list, rows: without(list.rows, change.id), held: without(list.held, change.id) };
    case 'release':
      return dropOldest({ ...list, rows: merge(list.rows, list.held), held: [] });
  }
}

/** By how many rows those that were first, and are still there, are further down now; less than 0: further up. */
export function pushed(before: readonly { id: string }[], now: readonly { id: string }[]): number {
  for (const [was, { id }] of before.entries()) {
    const is = now.findIndex((row) => row.id === id);
    if (is >= 0) return is - was;
  }
  return 0;
}
