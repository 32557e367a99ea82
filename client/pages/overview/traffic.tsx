import type { StatsFieldsFragment } from '../../api/generated/graphql.ts';
import { count, latency, percent } from '../../format/number.ts';
import { Bars } from '../../ui/chart.tsx';
import { Figure } from '../../ui/figure.tsx';
import { Panel } from '../../ui/page.tsx';

/** How many events there were, and how they ended. */
export function Traffic(props: { stats: StatsFieldsFragment }) {
  const total = () => props.stats.delivered + props.stats.failed + props.stats.rejected;
  return (
    <Panel title="Events">
      <dl class="grid grid-cols-7 gap-4 px-4 pt-4 max-xl:grid-cols-4 max-sm:grid-cols-2">
        <Figure name="Events" value={count(total())} />
        <Figure
          name="Success rate"
          value={props.stats.successRate == null ? '–' : percent(props.stats.successRate)}
        />
        <Figure name="Delivered" value={count(props.stats.delivered)} />
        <Figure name="Failed" value={count(props.stats.failed)} />
        <Figure name="Rejected" value={count(props.stats.rejected)} />
        <Figure name="Median latency" value={latency(props.stats.p50Ms)} />
        <Figure name="p95 latency" value={latency(props.stats.p95Ms)} />
      </dl>
      <div class="p-4">
        <Bars
          points={props.stats.points}
          label={`Events over time: ${props.stats.delivered} delivered, ${props.stats.failed} failed, ${props.stats.rejected} rejected`}
        />
      </div>
    </Panel>
  );
}
