import { For, Show, createEffect, createMemo, createSignal, on, onCleanup, onMount } from 'solid-js';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { minute } from '../../format/time.ts';
import { plotData, timeSpan } from './plot-data.ts';
import { AXIS_WIDTH, MARGIN, plotOptions } from './plot-options.ts';
import type { ChartPoint, ChartProps } from './series.ts';
import { Swatch } from './swatch.tsx';

/** The picture of a chart, drawn anew when its numbers, its width or the theme change. */
export default function Plot(props: ChartProps) {
  const [at, setAt] = createSignal<number>();
  const empty = () => props.points.every(({ values }) => values.every((value) => !value));
  const hovered = () => props.points[at() ?? -1];
  const data = createMemo(() => plotData(props));
  let frame!: HTMLDivElement;
  onMount(() => {
    const size = () => ({ width: frame.clientWidth, height: frame.clientHeight });
    const plot = new uPlot(plotOptions(props, size(), setAt), data(), frame);
    createEffect(on(data, (now) => plot.setData(now), { defer: true }));
    const resized = new ResizeObserver(() => plot.setSize(size()));
    resized.observe(frame);
    const themed = new MutationObserver(() => plot.redraw(false, true));
    themed.observe(document.documentElement, { attributeFilter: ['data-theme'] });
    onCleanup(() => {
      resized.disconnect();
      themed.disconnect();
      plot.destroy();
    });
  });
  return (
    <div class="relative h-42 min-w-0">
      <div
        ref={frame}
        role="img"
        aria-label={`${props.title} over time, ${props.unit}. Its numbers can be shown as a table.`}
        class="absolute inset-0 overflow-hidden"
      />
      <Show when={hovered()}>{(point) => <Reading {...props} point={point()} />}</Show>
      <Show when={empty()}>
        <p class="pointer-events-none absolute inset-0 grid place-items-center pl-12 text-ink-3">
          Nothing in this time
        </p>
      </Show>
    </div>
  );
}

/** The numbers of the point under the cursor, on the side where there is more room. */
function Reading(props: ChartProps & { point: ChartPoint }) {
  const share = (): number => {
    const [from, to] = timeSpan(props.points);
    return (Date.parse(props.point.at) / 1_000 - from) / (to - from);
  };
  const left = () => `calc(${AXIS_WIDTH}px + (100% - ${AXIS_WIDTH + MARGIN}px) * ${share()} + 1.5rem)`;
  const right = () => `calc(${MARGIN}px + (100% - ${AXIS_WIDTH + MARGIN}px) * ${1 - share()} + 1rem)`;
  return (
    <div
      class="pointer-events-none absolute top-1 z-10 w-max rounded-md border border-line bg-panel px-2.5 py-1.5 text-xs shadow-pop"
      style={share() > 0.5 ? { right: right(), left: 'auto' } : { left: left(), right: 'auto' }}
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
