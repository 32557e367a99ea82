import { For, Show } from 'solid-js';
import { minute } from '../format/time.ts';
import { count } from '../format/number.ts';

interface Point {
  at: string;
  delivered: number;
  failed: number;
  rejected: number;
}

const HEIGHT = 100;
const parts = [
  { key: 'delivered', look: 'fill-ok' },
  { key: 'failed', look: 'fill-bad' },
  { key: 'rejected', look: 'fill-deny' },
] as const;

const total = (point: Point): number => point.delivered + point.failed + point.rejected;

/** Events over time, one bar per step, stacked by outcome. */
export function Bars(props: { points: Point[]; label: string }) {
  const peak = () => Math.max(1, ...props.points.map(total));
  const height = (n: number): number => (n / peak()) * HEIGHT;
  const below = (point: Point, index: number): number =>
    parts.slice(0, index).reduce((sum, { key }) => sum + point[key], 0);
  return (
    <figure class="flex flex-col gap-1.5">
      <div class="flex justify-between text-xs text-ink-3">
        <Legend />
        <Show when={props.points.some((point) => total(point) > 0)}>
          <span>peak {count(peak())}</span>
        </Show>
      </div>
      <svg
        viewBox={`0 0 ${Math.max(1, props.points.length) * 10} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={props.label}
        class="h-28 w-full border-b border-line-strong"
      >
        <For each={props.points}>
          {(point, x) => (
            <g>
              <title>{`${minute(point.at)} UTC: ${point.delivered} delivered, ${point.failed} failed, ${point.rejected} rejected`}</title>
              <rect x={x() * 10} y="0" width="10" height={HEIGHT} class="fill-transparent hover:fill-hover" />
              <For each={parts}>
                {(part, index) => (
                  <rect
                    x={x() * 10 + 1.5}
                    width="7"
                    y={HEIGHT - height(below(point, index()) + point[part.key])}
                    height={height(point[part.key])}
                    class={`pointer-events-none ${part.look}`}
                  />
                )}
              </For>
            </g>
          )}
        </For>
      </svg>
      <Show when={props.points.length > 1}>
        <figcaption class="flex justify-between text-xs text-ink-3">
          <span>{minute(props.points[0]?.at ?? '')} UTC</span>
          <span>{minute(props.points.at(-1)?.at ?? '')} UTC</span>
        </figcaption>
      </Show>
    </figure>
  );
}

function Legend() {
  return (
    <span class="flex gap-3">
      <For each={parts}>
        {(part) => (
          <span class="inline-flex items-center gap-1">
            <svg viewBox="0 0 8 8" class="size-2" aria-hidden="true">
              <rect width="8" height="8" rx="2" class={part.look} />
            </svg>
            {part.key}
          </span>
        )}
      </For>
    </span>
  );
}
