import { useSearchParams } from '@solidjs/router';
import { Match, Show, Switch, onCleanup } from 'solid-js';
import type { StatsRange } from '../../api/generated/graphql.ts';
import { OverviewDocument } from '../../api/generated/graphql.ts';
import { problemText } from '../../api/problem.ts';
import { createQuery } from '../../api/query.ts';
import { useOrganization } from '../../api/session.tsx';
import { Page, Panel } from '../../ui/page.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { Empty, Problem, SkeletonRows } from '../../ui/states.tsx';
import { EventTable } from '../events/event-table.tsx';
import { Checklist } from './checklist.tsx';
import { Connected } from './connected.tsx';
import { Traffic } from './traffic.tsx';

const REFRESH_MS = 10_000;
const ranges: { value: string; label: string; range: StatsRange }[] = [
  { value: '1h', label: '1 hour', range: 'HOUR' },
  { value: '24h', label: '24 hours', range: 'DAY' },
  { value: '7d', label: '7 days', range: 'WEEK' },
  { value: '30d', label: '30 days', range: 'MONTH' },
];

export default function Overview() {
  const organization = useOrganization();
  const [query, setQuery] = useSearchParams<{ range?: string }>();
  const chosen = () => ranges.find(({ value }) => value === query.range) ?? ranges[1];
  const overview = createQuery(OverviewDocument, () => ({
    org: organization().slug,
    range: chosen()?.range ?? 'DAY',
  }));
  const timer = setInterval(() => !document.hidden && overview.refetch(), REFRESH_MS);
  onCleanup(() => clearInterval(timer));
  return (
    <Page
      title="Overview"
      actions={
        <Segmented
          label="Time shown"
          value={chosen()?.value ?? '24h'}
          onChange={(range) => setQuery({ range }, { replace: true, scroll: false })}
          options={ranges}
        />
      }
    >
      <Switch>
        <Match when={overview.data?.organization}>
          {(found) => (
            <>
              <Checklist overview={found()} />
              <Show when={found().apps.edges.length + found().agents.edges.length > 0}>
                <Traffic stats={found().stats} />
                <Connected overview={found()} />
              </Show>
            </>
          )}
        </Match>
        <Match when={overview.loading}>
          <Panel>
            <SkeletonRows rows={9} />
          </Panel>
        </Match>
        <Match when={true}>
          <Panel>
            <Problem onRetry={() => overview.refetch()}>{problemText(overview.error)}</Problem>
          </Panel>
        </Match>
      </Switch>
      <Show when={organization().slug} keyed>
        <Panel title="Recent events" note="times in UTC">
          <EventTable
            label="Recent events"
            filter={{}}
            first={10}
            limit={10}
            empty={<Empty title="No events yet">They appear here the moment an app sends one.</Empty>}
          />
        </Panel>
      </Show>
    </Page>
  );
}
