import uPlot from 'uplot';
import type { Options, Axis, Series as Drawn } from 'uplot';
import { lone, timeLabel, timeSpan } from './plot-data.ts';
import type { ChartPoint, ChartProps, Series } from './series.ts';

/** The room left of the time axis that the other axis' labels take, px; "1m 40s" fits in. */
export const AXIS_WIDTH = 48;
const AXIS_HEIGHT = 22;
/** The room on the right, so that the last label on the time axis is not cut, px. */
export const MARGIN = 18;
const DAY_SECONDS = 86_400;

/** Read when it is drawn, so that a chart follows the theme. */
const colour = (name: string) => (): string =>
  getComputedStyle(document.documentElement).getPropertyValue(name);

const bars = uPlot.paths.bars!({ size: [0.7, 40] });

function drawn({ colour: name, dash }: Series, kind: ChartProps['kind']): Drawn {
  if (kind === 'bars')
    return { paths: bars, width: 0, fill: colour(name), stroke: colour(name), points: { show: false } };
  return {
    stroke: colour(name),
    width: 1.75,
    cap: 'round',
    ...(dash ? { dash } : {}),
    points: {
      show: false,
      size: 4,
      fill: colour(name),
      filter: (plot, series) => lone(plot.data[series] ?? []),
    },
  };
}

/** Marks of whole days say the day alone. */
const timeLabels = (seconds: number[], step: number, points: ChartPoint[]): string[] =>
  seconds.map((at) => {
    const label = timeLabel(new Date(at * 1_000).toISOString(), points);
    return step >= DAY_SECONDS ? label.slice(0, 5) : label;
  });

function axes(props: ChartProps, font: string): Axis[] {
  const common = { font, stroke: colour('--ink-3'), ticks: { show: false } };
  return [
    {
      ...common,
      size: AXIS_HEIGHT,
      space: 88,
      grid: { show: false },
      border: { show: true, stroke: colour('--line-strong'), width: 1 },
      values: (_, seconds, __, ___, step) => timeLabels(seconds, step, props.points),
    },
    {
      ...common,
      size: AXIS_WIDTH,
      space: 28,
      gap: 8,
      grid: { stroke: colour('--line'), width: 1 },
      values: (_, values) => values.map(props.axis ?? props.format),
      ...(props.marks ? { incrs: props.marks } : {}),
    },
  ];
}

/**
 * How a chart is drawn. What changes with time, as its points do, is read from `props` when it is drawn.
 *
 * @param onPoint is told which point the cursor is over
 */
export function plotOptions(
  props: ChartProps,
  size: { width: number; height: number },
  onPoint: (index: number | undefined) => void,
): Options {
  const inOrder = props.kind === 'bars' ? [...props.series].reverse() : props.series;
  return {
    ...size,
    padding: [8, MARGIN, 0, 0],
    legend: { show: false },
    cursor: {
      y: false,
      drag: { x: false, y: false },
      points: { show: props.kind === 'lines', size: 7 },
    },
    tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1_000), 'Etc/UTC'),
    scales: {
      x: { range: () => timeSpan(props.points) },
      // Nothing at all is drawn along the foot of an axis that ends at 1.
      y: { range: (_, __, peak) => [0, props.top ?? (peak > 0 ? peak * 1.05 : 1)] },
    },
    axes: axes(props, `12px ${getComputedStyle(document.body).fontFamily}`),
    series: [{}, ...inOrder.map((series) => drawn(series, props.kind))],
    hooks: { setCursor: [({ cursor }) => onPoint(cursor.idx ?? undefined)] },
  };
}
