import { For } from 'solid-js';
import type { ChartPoint } from './time-chart.tsx';
import { linePath } from './scale.ts';

export interface Series {
  name: string;
  /** The colour, as a class of fill for bars and of stroke for lines. */
  look: string;
  /** Tells lines apart without their colour. */
  dash?: string;
}

interface MarksProps {
  points: ChartPoint[];
  series: Series[];
  top: number;
}

/** One bar a step, the series on top of each other. */
export function Bars(props: MarksProps) {
  const below = (point: ChartPoint, index: number): number =>
    point.values.slice(0, index).reduce<number>((sum, value) => sum + (value ?? 0), 0);
  const height = (value: number): number => (value / props.top) * 100;
  return (
    <For each={props.points}>
      {(point, x) => (
        <For each={props.series}>
          {(series, index) => (
            <rect
              x={x() * 10 + 1.5}
              width="7"
              y={100 - height(below(point, index()) + (point.values[index()] ?? 0))}
              height={height(point.values[index()] ?? 0)}
              class={series.look}
            />
          )}
        </For>
      )}
    </For>
  );
}

/** A line for each series. */
export function Lines(props: MarksProps) {
  const path = (index: number): string =>
    linePath(
      props.points.map(({ values }) => values[index] ?? null),
      props.top,
    );
  return (
    <For each={props.series}>
      {(series, index) => (
        <path
          d={path(index())}
          class={`fill-none ${series.look}`}
          stroke-width="1.75"
          stroke-linecap="round"
          stroke-linejoin="round"
          stroke-dasharray={series.dash}
          vector-effect="non-scaling-stroke"
        />
      )}
    </For>
  );
}

/** A series' name with its mark, as legends and readings show it. */
export function Swatch(props: { kind: 'bars' | 'lines'; series: Series }) {
  return (
    <span class="inline-flex items-center gap-1.5 whitespace-nowrap">
      <svg viewBox="0 0 14 8" class="h-2 w-3.5" aria-hidden="true">
        {props.kind === 'bars' ? (
          <rect x="3" width="8" height="8" rx="2" class={props.series.look} />
        ) : (
          <path
            d="M1 4H13"
            class={props.series.look}
            stroke-width="2"
            stroke-linecap="round"
            stroke-dasharray={props.series.dash}
          />
        )}
      </svg>
      {props.series.name}
    </span>
  );
}
