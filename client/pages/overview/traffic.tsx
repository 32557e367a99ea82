import type { StatsFieldsFragment } from '../../api/generated/graphql.ts';
import { Panel } from '../../ui/page.tsx';
import { EventsChart, LatencyChart } from '../stats/charts.tsx';
import { Figures } from '../stats/figures.tsx';

/** How many events there were, how they ended and how long they took. */
export function Traffic(props: { stats: StatsFieldsFragment }) {
  return (
    <Panel title="Traffic" note="times in UTC">
      <div class="flex flex-col gap-5 p-4">
        <Figures stats={props.stats} />
        <div class="grid gap-x-8 gap-y-5 lg:grid-cols-2">
          <EventsChart stats={props.stats} />
          <LatencyChart stats={props.stats} />
        </div>
      </div>
    </Panel>
  );
}
