import ChartNoAxesColumn from 'lucide-solid/icons/chart-no-axes-column';
import Table2 from 'lucide-solid/icons/table-2';
import { For, Show, createSignal } from 'solid-js';
import { minute, tick } from '../../format/time.ts';
import { Swatch } from './marks.tsx';
import type { Series } from './marks.tsx';
import { Bars, Lines } from './marks.tsx';
import { roundUp } from './scale.ts';
import { ValueTable } from './value-table.tsx';

export interface ChartPoint {
  /** ISO 8601: when the step began. */
  at: string;
  /** One for each series; null where there is nothing to tell. */
  values: (number | null)[];
}

interface TimeChartProps {
  title: string;
  /** What the axis counts: "per minute", "ms". */
  unit: string;
  kind: 'bars' | 'lines';
  series: Series[];
  points: ChartPoint[];
  format: (value: number) => string;
  /** The axis' labels, where the values' own would be too long. */
  axis?: (value: number) => string;
  /** The top of the axis, where it does not follow the values. */
  top?: number;
}

const total = (point: ChartPoint): number =>
  point.values.reduce<number>((sum, value) => sum + (value ?? 0), 0);

/** Values over time, as a picture or as a table of the same numbers. */
export function TimeChart(props: TimeChartProps) {
  const [asTable, setAsTable] = createSignal(false);
  const empty = () => props.points.every(({ values }) => values.every((value) => !value));
  const peak = () =>
    props.kind === 'bars'
      ? Math.max(...props.points.map(total))
      : Math.max(...props.points.flatMap(({ values }) => values.map((value) => value ?? 0)));
  const top = () => props.top ?? roundUp(peak());
  return (
    <figure class="flex min-w-0 flex-col gap-2">
      <figcaption>
        <span class="flex items-center justify-between gap-3">
          <span class="font-medium">{props.title}</span>
          <button
            type="button"
            aria-pressed={asTable()}
            aria-label={`${props.title} as a table`}
            title={asTable() ? 'Show the chart' : 'Show the numbers as a table'}
            onClick={() => setAsTable(!asTable())}
            class="-m-1 rounded-md p-1.5 text-ink-3 hover:bg-hover hover:text-ink"
          >
            <Show when={asTable()} fallback={<Table2 class="size-3.5" aria-hidden="true" />}>
              <ChartNoAxesColumn class="size-3.5" aria-hidden="true" />
            </Show>
          </button>
        </span>
        <span class="flex min-h-5 flex-wrap items-center justify-between gap-x-3 text-xs text-ink-3">
          {props.unit}
          <Show when={props.series.length > 1}>
            <span class="flex gap-x-3 text-ink-2">
              <For each={props.series}>{(series) => <Swatch kind={props.kind} series={series} />}</For>
            </span>
          </Show>
        </span>
      </figcaption>
      <Show
        when={!asTable()}
        fallback={
          <ValueTable title={props.title} series={props.series} points={props.points} format={props.format} />
        }
      >
        <Plot {...props} top={top()} empty={empty()} />
      </Show>
    </figure>
  );
}

function Plot(props: TimeChartProps & { top: number; empty: boolean }) {
  const [at, setAt] = createSignal<number>();
  const move = (event: PointerEvent & { currentTarget: HTMLElement }): void => {
    const box = event.currentTarget.getBoundingClientRect();
    const index = Math.floor(((event.clientX - box.left) / box.width) * props.points.length);
    setAt(Math.min(props.points.length - 1, Math.max(0, index)));
  };
  const hovered = () => {
    const index = at();
    const point = index === undefined ? undefined : props.points[index];
    return index === undefined || !point ? undefined : { index, point };
  };
  const span = (): number =>
    Date.parse(props.points.at(-1)?.at ?? '') - Date.parse(props.points[0]?.at ?? '');
  const marks = () => ({ points: props.points, series: props.series, top: props.top });
  return (
    <div class="flex flex-col gap-1">
      <div class="relative h-36">
        <Grid top={props.top} format={props.axis ?? props.format} />
        <div
          role="img"
          aria-label={`${props.title} over time, ${props.unit}. Its numbers can be shown as a table.`}
          class="absolute inset-y-0 right-0 left-12 border-b border-line-strong"
          onPointerMove={move}
          onPointerLeave={() => setAt(undefined)}
        >
          <svg
            viewBox={`0 0 ${Math.max(1, props.points.length) * 10} 100`}
            preserveAspectRatio="none"
            class="size-full overflow-visible"
            aria-hidden="true"
          >
            <Show when={hovered()}>
              {(found) => <rect x={found().index * 10} y="0" width="10" height="100" class="fill-hover" />}
            </Show>
            <Show when={props.kind === 'bars'} fallback={<Lines {...marks()} />}>
              <Bars {...marks()} />
            </Show>
          </svg>
          <Show when={hovered()}>
            {(found) => <Reading {...props} index={found().index} point={found().point} />}
          </Show>
          <Show when={props.empty}>
            <p class="absolute inset-0 grid place-items-center text-ink-3">Nothing in this time</p>
          </Show>
        </div>
      </div>
      <div class="flex justify-between pl-12 text-xs text-ink-3">
        <span>{tick(props.points[0]?.at ?? '', span())}</span>
        <span>{tick(props.points.at(-1)?.at ?? '', span())} UTC</span>
      </div>
    </div>
  );
}

/** The axis is labelled at its top, its middle and its foot. */
function Grid(props: { top: number; format: (value: number) => string }) {
  return (
    <div class="absolute inset-0 flex flex-col justify-between text-xs text-ink-3" aria-hidden="true">
      <For each={[1, 0.5, 0]}>
        {(share) => (
          <div class="flex h-0 items-center gap-2">
            <span class="w-10 shrink-0 text-right">{props.format(props.top * share)}</span>
            <span class="flex-1" classList={{ 'border-t border-line': share > 0 }} />
          </div>
        )}
      </For>
    </div>
  );
}

function Reading(props: TimeChartProps & { index: number; point: ChartPoint }) {
  const share = () => (props.index + 0.5) / props.points.length;
  return (
    <div
      class="pointer-events-none absolute top-1 z-10 w-max rounded-md border border-line bg-panel px-2.5 py-1.5 text-xs shadow-pop"
      style={
        share() > 0.5
          ? { right: `${(1 - share()) * 100 + 2}%`, left: 'auto' }
          : { left: `${share() * 100 + 2}%`, right: 'auto' }
      }
    >
      <p class="mb-1 text-ink-3">{minute(props.point.at)} UTC</p>
      <For each={props.series}>
        {(series, index) => (
          <p class="flex items-center justify-between gap-4">
            <Swatch kind={props.kind} series={series} />
            <span class="font-medium">
              {props.point.values[index()] == null ? '–' : props.format(props.point.values[index()] ?? 0)}
            </span>
          </p>
        )}
      </For>
    </div>
  );
}
