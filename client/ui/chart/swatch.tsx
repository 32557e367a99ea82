import type { ChartProps, Series } from './series.ts';

/** A series' name with its mark, as legends and readings show it. */
export function Swatch(props: { kind: ChartProps['kind']; series: Series }) {
  const colour = () => `var(${props.series.colour})`;
  return (
    <span class="inline-flex items-center gap-1.5 whitespace-nowrap">
      <svg viewBox="0 0 14 8" class="h-2 w-3.5" aria-hidden="true">
        {props.kind === 'bars' ? (
          <rect x="3" width="8" height="8" rx="2" fill={colour()} />
        ) : (
          <path
            d="M1 4H13"
            stroke={colour()}
            stroke-width="2"
            stroke-linecap="round"
            stroke-dasharray={props.series.dash?.join(' ')}
          />
        )}
      </svg>
      {props.series.name}
    </span>
  );
}
