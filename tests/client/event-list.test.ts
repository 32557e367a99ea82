import { describe, expect, test } from 'vitest';
import type { EventList, Listed } from '../../client/live/event-list.ts';
import { ROWS_MAX, changeList, emptyList, pushed } from '../../client/live/event-list.ts';

interface Row extends Listed {
  status: string;
}

const row = (n: number, status = 'PENDING'): Row => ({
  id: `id${n}`,
  eventId: `evt_${String(n).padStart(6, '0')}`,
  acceptedAt: new Date(n * 1_000).toISOString(),
  cursor: `c${n}`,
  status,
});

const page = (numbers: number[], hasMore = false): EventList<Row> =>
  changeList(emptyList<Row>(), {
    kind: 'first-page',
    rows: numbers.map((n) => row(n)),
    hasMore,
  });

const ids = (rows: readonly Row[]): string[] => rows.map(({ id }) => id);

describe('a live list of events', () => {
  test('puts a new event on top', () => {
    const list = changeList(page([3, 2, 1]), { kind: 'event', row: row(4), hold: false });
    expect(ids(list.rows)).toEqual(['id4', 'id3', 'id2', 'id1']);
  });

  test('puts an event that arrives late where it belongs', () => {
    const list = changeList(page([5, 2, 1]), { kind: 'event', row: row(3), hold: false });
    expect(ids(list.rows)).toEqual(['id5', 'id3', 'id2', 'id1']);
  });

  test('orders events of one millisecond by their id', () => {
    const twin = { ...row(2), id: 'twin', eventId: 'evt_000002b' };
    const list = changeList(page([2, 1]), { kind: 'event', row: twin, hold: false });
    expect(ids(list.rows)).toEqual(['twin', 'id2', 'id1']);
  });

  test('changes a known event in place and never shows it twice', () => {
    const list = changeList(page([3, 2, 1]), { kind: 'event', row: row(2, 'DELIVERED'), hold: false });
    expect(list.rows.map(({ status }) => status)).toEqual(['PENDING', 'DELIVERED', 'PENDING']);
  });

  test('holds new events back while the reader is further down, and known ones never', () => {
    let list = changeList(page([2, 1]), { kind: 'event', row: row(3), hold: true });
    list = changeList(list, { kind: 'event', row: row(1, 'FAILED'), hold: true });
    expect(ids(list.rows)).toEqual(['id2', 'id1']);
    expect(list.rows[1]?.status).toBe('FAILED');
    expect(ids(list.held)).toEqual(['id3']);
  });

  test('shows what was held, as it is by then, when asked', () => {
    let list = changeList(page([1]), { kind: 'event', row: row(2), hold: true });
    list = changeList(list, { kind: 'event', row: row(2, 'DELIVERED'), hold: true });
    list = changeList(list, { kind: 'release' });
    expect(list.held).toEqual([]);
    expect(list.rows[0]).toEqual(row(2, 'DELIVERED'));
  });

  test('lets an event go that left the filter, held or not', () => {
    let list = changeList(page([2, 1]), { kind: 'event', row: row(3), hold: true });
    list = changeList(list, { kind: 'left', id: 'id3' });
    list = changeList(list, { kind: 'left', id: 'id1' });
    expect([ids(list.rows), ids(list.held)]).toEqual([['id2'], []]);
  });

  test('leaves older events to the page that will bring them', () => {
    const list = changeList(page([5, 4], true), { kind: 'event', row: row(1), hold: false });
    expect(ids(list.rows)).toEqual(['id5', 'id4']);
  });

  test('appends the next page without losing newer states of the same events', () => {
    let list = page([5, 4], true);
    list = changeList(list, { kind: 'event', row: row(4, 'DELIVERED'), hold: false });
    list = changeList(list, {
      kind: 'older-page',
      rows: [row(4), row(3)],
      hasMore: false,
    });
    expect(ids(list.rows)).toEqual(['id5', 'id4', 'id3']);
    expect(list.rows[1]?.status).toBe('DELIVERED');
  });

  const many = (newest: number, count: number): number[] =>
    Array.from({ length: count }, (_, n) => newest - n);

  test('never grows beyond its limit: the oldest are let go, and can be read again', () => {
    let list = page(many(ROWS_MAX + 5, ROWS_MAX));
    list = changeList(list, { kind: 'event', row: row(ROWS_MAX + 6), hold: false });
    expect(list.rows).toHaveLength(ROWS_MAX);
    expect(list.rows[0]?.id).toBe(`id${ROWS_MAX + 6}`);
    expect(list).toMatchObject({ older: 'c7', newer: null });
    expect(changeList(list, { kind: 'event', row: row(3), hold: false })).toBe(list);
  });

  test('lets the newest go when one reads on, holds what comes meanwhile, and can be read back', () => {
    let list = page(many(ROWS_MAX + 2, ROWS_MAX), true);
    list = changeList(list, { kind: 'older-page', rows: [row(2), row(1)], hasMore: false });
    expect(list.rows).toHaveLength(ROWS_MAX);
    expect(list).toMatchObject({ older: null, newer: `c${ROWS_MAX}` });
    list = changeList(list, { kind: 'event', row: row(ROWS_MAX + 3), hold: false });
    expect([list.rows[0]?.id, ids(list.held)]).toEqual([`id${ROWS_MAX}`, [`id${ROWS_MAX + 3}`]]);
    const newer = [row(ROWS_MAX + 2), row(ROWS_MAX + 1)];
    list = changeList(list, { kind: 'newer-page', rows: newer, hasMore: false });
    expect(list.rows).toHaveLength(ROWS_MAX);
    expect(list).toMatchObject({ older: 'c3', newer: null });
    list = changeList(list, { kind: 'release' });
    expect(list.rows[0]?.id).toBe(`id${ROWS_MAX + 3}`);
  });

  test('never changes the state it was given', () => {
    const before = page([2, 1]);
    const copy = structuredClone(before);
    changeList(before, { kind: 'event', row: row(3), hold: false });
    changeList(before, { kind: 'left', id: 'id1' });
    expect(before).toEqual(copy);
  });
});

test.each([
  ['by those that came on top', [3, 2, 1], [5, 4, 3, 2, 1], 2],
  ['by more than have left', [3, 2, 1], [5, 4, 2, 1], 1],
  ['not by one that came in place of the first', [3, 2, 1], [4, 2, 1], 0],
  ['upwards by one that has left', [3, 2, 1], [2, 1], -1],
  ['not by another list', [3, 2, 1], [6, 5, 4], 0],
  ['not by the first list there is', [], [2, 1], 0],
])('rows are pushed %s', (_, before, now, by) => {
  expect(pushed(page(before).rows, page(now).rows)).toBe(by);
});
