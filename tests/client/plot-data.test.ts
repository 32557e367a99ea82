import { expect, test } from 'vitest';
import { lone, plotData, timeLabel, timeSpan } from '../../client/ui/chart/plot-data.ts';
import type { ChartPoint, Series } from '../../client/ui/chart/series.ts';

const point = (minute: number, ...values: (number | null)[]): ChartPoint => ({
  at: `2026-04-07T10:0${minute}:00.000Z`,
  values,
});
const seconds = (text: string): number => Date.parse(text) / 1_000;
const series = ['delivered', 'failed', 'rejected'].map((name): Series => ({ name, colour: '--ink' }));

test('bars reach as high as all series together, and each lower one covers the foot of those above', () => {
  const points = [point(0, 3, 2, 1), point(1, 0, null, 4)];
  const [, ...bars] = plotData({ kind: 'bars', points, series });
  expect(bars).toEqual([
    [6, 4],
    [5, 0],
    [3, 0],
  ]);
});

test('lines are drawn as they are, with nothing where nothing is to tell', () => {
  const points = [point(0, 3, null, 1), point(1, 0, 2, null)];
  const [, ...lines] = plotData({ kind: 'lines', points, series });
  expect(lines).toEqual([
    [3, 0],
    [null, 2],
    [1, null],
  ]);
});

test('each value stands in the middle of its step, and the time reaches to the end of the last one', () => {
  const points = [point(0, 1), point(1, 2)];
  expect(plotData({ kind: 'lines', points, series })[0]).toEqual([
    seconds('2026-04-07T10:00:30Z'),
    seconds('2026-04-07T10:01:30Z'),
  ]);
  expect(timeSpan(points)).toEqual([seconds('2026-04-07T10:00:00Z'), seconds('2026-04-07T10:02:00Z')]);
});

test('a day in steps says the date with each time, and less than a day the time alone', () => {
  const hours = (count: number): ChartPoint[] =>
    Array.from({ length: count }, (_, hour) => ({
      at: new Date(Date.parse('2026-04-07T10:00:00Z') + hour * 3_600_000).toISOString(),
      values: [1],
    }));
  expect(timeLabel('2026-04-07T14:00:00.000Z', hours(24))).toBe('04-07 14:00');
  expect(timeLabel('2026-04-07T14:00:00.000Z', hours(23))).toBe('14:00');
});

test('a value without neighbours is marked by itself, since no line would show it', () => {
  expect(lone([1, null, 2, 3, null, undefined, 0])).toEqual([0, 6]);
  expect(lone([])).toEqual([]);
});
