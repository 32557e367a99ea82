import ChartNoAxesColumn from 'lucide-solid/icons/chart-no-axes-column';
import Table2 from 'lucide-solid/icons/table-2';
import { For, Show, Suspense, createSignal, lazy } from 'solid-js';
import type { ChartProps } from './series.ts';
import { Swatch } from './swatch.tsx';
import { ValueTable } from './value-table.tsx';

/** Its code comes while the numbers do. */
const Plot = lazy(() => import('./plot.tsx'));

/** Values over time, as a picture or as a table of the same numbers. */
export function TimeChart(props: ChartProps) {
  const [asTable, setAsTable] = createSignal(false);
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
        when={asTable()}
        fallback={
          <Suspense fallback={<div class="h-42" />}>
            <Plot {...props} />
          </Suspense>
        }
      >
        <ValueTable title={props.title} series={props.series} points={props.points} format={props.format} />
      </Show>
    </figure>
  );
}
