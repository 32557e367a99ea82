import type { StatsFieldsFragment } from '../../api/generated/graphql.ts';
import { count, pause, percent } from '../../format/number.ts';
import { Figure } from '../../ui/figure.tsx';

/** A range in eight numbers. */
export function Figures(props: { stats: StatsFieldsFragment }) {
  const total = () => props.stats.delivered + props.stats.failed + props.stats.rejected;
  return (
    <dl class="grid grid-cols-8 gap-x-4 gap-y-3 max-xl:grid-cols-4 max-sm:grid-cols-2">
      <Figure name="Events" value={count(total())} />
      <Figure
        name="Success rate"
        value={props.stats.successRate == null ? '–' : percent(props.stats.successRate)}
      />
      <Figure name="Delivered" value={count(props.stats.delivered)} />
      <Figure name="Failed" value={count(props.stats.failed)} />
      <Figure name="Rejected" value={count(props.stats.rejected)} />
      <Figure name="Latency p50" value={pause(props.stats.p50Ms)} />
      <Figure name="Latency p95" value={pause(props.stats.p95Ms)} />
      <Figure name="Latency p99" value={pause(props.stats.p99Ms)} />
    </dl>
  );
}
