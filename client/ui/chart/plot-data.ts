import type { AlignedData } from 'uplot';
import { tick } from '../../format/time.ts';
import type { ChartPoint, ChartProps } from './series.ts';

/** Seconds between two points. */
function stepSeconds(points: ChartPoint[]): number {
  const [one, two] = points;
  return one && two ? (Date.parse(two.at) - Date.parse(one.at)) / 1_000 : 60;
}

/** The time from the first step's begin to the last one's end, Unix seconds. */
export function timeSpan(points: ChartPoint[]): [from: number, to: number] {
  const [first, last] = [points[0], points.at(-1)];
  if (!first || !last) return [0, 1];
  return [Date.parse(first.at) / 1_000, Date.parse(last.at) / 1_000 + stepSeconds(points)];
}

/** A time of a chart in words, on its axis as in its table: with the date where the chart spans a day or more. */
export function timeLabel(iso: string, points: ChartPoint[]): string {
  const [from, to] = timeSpan(points);
  return tick(iso, (to - from) * 1_000);
}

/** How high the first `count` series reach together. */
const reach = ({ values }: ChartPoint, count: number): number =>
  values.slice(0, count).reduce<number>((sum, value) => sum + (value ?? 0), 0);

/**
 * What is drawn: the middle of each step, and for each series its values. A bar begins at the foot of the chart, so the one
 * that reaches highest is drawn first and those below cover it; lines are drawn in the order they are given.
 */
export function plotData({
  kind,
  points,
  series,
}: Pick<ChartProps, 'kind' | 'points' | 'series'>): AlignedData {
  const half = stepSeconds(points) / 2;
  const times = points.map(({ at }) => Date.parse(at) / 1_000 + half);
  const drawn = series.map((_, index) =>
    kind === 'bars'
      ? points.map((point) => reach(point, series.length - index))
      : points.map(({ values }) => values[index] ?? null),
  );
  return [times, ...drawn];
}

/** The points that no line shows, having no neighbours. */
export const lone = (values: ArrayLike<number | null | undefined>): number[] =>
  Array.from(values).flatMap((value, index) =>
    value != null && values[index - 1] == null && values[index + 1] == null ? [index] : [],
  );
