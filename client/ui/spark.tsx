import { For } from 'solid-js';
import { count } from '../format/number.ts';

interface SparkProps {
  /** Events that ended in each hour, oldest first. */
  ended: number[];
  /** Those of them that went wrong. */
  troubled: number[];
}

const HEIGHT = 24;
const sum = (values: number[]): number => values.reduce((all, value) => all + value, 0);

/** The last day in a row of a table: one bar an hour, what went wrong at its foot. Always the same size. */
export function Spark(props: SparkProps) {
  const peak = () => Math.max(1, ...props.ended);
  // What there was must be seen, however little beside the rest.
  const height = (value: number): number => (value === 0 ? 0 : Math.max(2, (value / peak()) * HEIGHT));
  const label = (): string =>
    `Last 24 hours: ${count(sum(props.ended))} events, ${count(sum(props.troubled))} failed or rejected`;
  return (
    <svg viewBox={`0 0 96 ${HEIGHT}`} class="h-6 w-24" role="img" aria-label={label()}>
      <title>{label()}</title>
      <path d="M0 23.5H96" class="stroke-line" />
      <For each={props.ended}>
        {(ended, hour) => {
          const bad = () => height(props.troubled[hour()] ?? 0);
          const good = () => Math.max(0, height(ended) - bad());
          return (
            <>
              <rect x={hour() * 4} width="3" y={HEIGHT - bad() - good()} height={good()} class="fill-ok/70" />
              <rect x={hour() * 4} width="3" y={HEIGHT - bad()} height={bad()} class="fill-bad" />
            </>
          );
        }}
      </For>
    </svg>
  );
}
