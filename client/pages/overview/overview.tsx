import { useSearchParams } from '@solidjs/router';
import { Match, Show, Switch, createEffect, createMemo, on } from 'solid-js';
import { OverviewDocument } from '../../api/generated/graphql.ts';
import { problemText } from '../../api/problem.ts';
import { createQuery } from '../../api/query.ts';
import { everyWhileSeen } from '../../api/refresh.ts';
import { useOrganization } from '../../api/session.tsx';
import { Page, Panel } from '../../ui/page.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { Empty, Problem } from '../../ui/states.tsx';
import { EventTable } from '../events/event-table.tsx';
import { rangeOf, ranges } from '../stats/ranges.ts';
import { Attention } from './attention.tsx';
import { Checklist } from './checklist.tsx';
import { Connected } from './connected.tsx';
import { OverviewSkeleton } from './overview-skeleton.tsx';
import { Traffic } from './traffic.tsx';

const REFRESH_MS = 10_000;

export default function Overview() {
  const organization = useOrganization();
  const [query, setQuery] = useSearchParams<{ range?: string }>();
  const chosen = () => rangeOf(query.range);
  const overview = createQuery(OverviewDocument, () => ({
    org: organization().slug,
    range: chosen().range,
  }));
  everyWhileSeen(REFRESH_MS, () => overview.refresh());
  // Badges follow by themselves; what is said about those who come and go has to be asked again.
  const present = createMemo(() => {
    const found = overview.data?.organization;
    const sides = found ? [...found.apps.edges, ...found.agents.edges] : [];
    return sides.map(({ node }) => (node.connection.connected ? node.id : '')).join(' ');
  });
  createEffect(on(present, (_, before) => before && overview.refetch(), { defer: true }));
  return (
    <Page
      title="Overview"
      actions={
        <Segmented
          label="Time shown"
          value={chosen().value}
          onChange={(range) => setQuery({ range }, { replace: true, scroll: false })}
          options={ranges}
        />
      }
    >
      <Switch>
        <Match when={overview.data?.organization}>
          {(found) => (
            <>
              <Checklist overview={found()} onProgress={() => overview.refetch()} />
              <Show when={found().apps.edges.length + found().agents.edges.length > 0}>
                <Attention items={found().attention} />
                <Traffic stats={found().stats} />
                <Connected overview={found()} />
              </Show>
            </>
          )}
        </Match>
        <Match when={overview.loading}>
          <OverviewSkeleton />
        </Match>
        <Match when={true}>
          <Panel>
            <Problem onRetry={() => overview.refetch()}>{problemText(overview.error)}</Problem>
          </Panel>
        </Match>
      </Switch>
      <Show when={organization().slug} keyed>
        <Panel title="Recent events">
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
