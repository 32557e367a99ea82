import { useSearchParams } from '@solidjs/router';
import { Match, Switch } from 'solid-js';
import { AgentStatsDocument, AppStatsDocument } from '../../api/generated/graphql.ts';
import { problemText } from '../../api/problem.ts';
import { createQuery } from '../../api/query.ts';
import { everyWhileSeen } from '../../api/refresh.ts';
import { Panel } from '../../ui/page.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { Bar, Problem } from '../../ui/states.tsx';
import { EventsChart, LatencyChart, SuccessChart } from './charts.tsx';
import { Figures } from './figures.tsx';
import { rangeOf, ranges } from './ranges.ts';

const REFRESH_MS = 15_000;

/** How the events of one app or agent ended, and how long they took. */
export function StatsPanel(props: { kind: 'app' | 'agent'; id: string }) {
  const [query, setQuery] = useSearchParams<{ range?: string }>();
  const range = () => rangeOf(query.range);
  const variables = (kind: 'app' | 'agent') =>
    props.kind === kind ? { id: props.id, range: range().range } : undefined;
  const ofApp = createQuery(AppStatsDocument, () => variables('app'));
  const ofAgent = createQuery(AgentStatsDocument, () => variables('agent'));
  const asked = () => (props.kind === 'app' ? ofApp : ofAgent);
  const stats = () => ofApp.data?.app?.stats ?? ofAgent.data?.agent?.stats;
  everyWhileSeen(REFRESH_MS, () => {
    ofApp.refresh();
    ofAgent.refresh();
  });
  return (
    <Panel
      title="Event Success Rate"
      note="times in UTC"
      actions={
        <Segmented
          label="Time shown"
          value={range().value}
          onChange={(next) => setQuery({ range: next }, { replace: true, scroll: false })}
          options={ranges}
        />
      }
    >
      <div class="flex min-h-78 flex-col gap-5 p-4 max-xl:min-h-134 max-lg:min-h-170">
        <Switch>
          <Match when={stats()}>
            {(found) => (
              <>
                <Figures stats={found()} />
                <div class="grid gap-x-8 gap-y-5 lg:grid-cols-2 xl:grid-cols-3">
                  <div class="lg:max-xl:col-span-2">
                    <SuccessChart stats={found()} />
                  </div>
                  <EventsChart stats={found()} />
                  <LatencyChart stats={found()} />
                </div>
              </>
            )}
          </Match>
          <Match when={asked().error}>
            {(error) => <Problem onRetry={() => asked().refetch()}>{problemText(error())}</Problem>}
          </Match>
          <Match when={true}>
            <div role="status" aria-label="Loading" class="flex animate-breathe flex-col gap-4">
              <Bar class="w-full" />
              <Bar class="w-1/2" />
            </div>
          </Match>
        </Switch>
      </div>
    </Panel>
  );
}
