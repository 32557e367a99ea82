import { Show, onCleanup } from 'solid-js';
import { AppStatsDocument } from '../../api/generated/graphql.ts';
import { problemText } from '../../api/problem.ts';
import { createQuery } from '../../api/query.ts';
import { count, latency, percent } from '../../format/number.ts';
import { Panel } from '../../ui/page.tsx';
import { Bar, Problem } from '../../ui/states.tsx';
import { Figure } from '../../ui/figure.tsx';

const REFRESH_MS = 15_000;

/** How this app's events of the last day ended. */
export function SuccessRate(props: { id: string }) {
  const stats = createQuery(AppStatsDocument, () => ({ id: props.id, range: 'DAY' as const }));
  const timer = setInterval(() => !document.hidden && stats.refetch(), REFRESH_MS);
  onCleanup(() => clearInterval(timer));
  return (
    <Panel title="Event Success Rate" note="last 24 hours">
      <Show
        when={stats.data?.app?.stats}
        fallback={
          <Show
            when={stats.error}
            fallback={
              <div class="flex h-17 items-center px-4 max-xl:h-30">
                <Bar class="w-full" />
              </div>
            }
          >
            {(error) => <Problem onRetry={() => stats.refetch()}>{problemText(error())}</Problem>}
          </Show>
        }
      >
        {(day) => (
          <dl class="grid grid-cols-[repeat(5,auto)] gap-3 p-4 max-xl:grid-cols-3 max-sm:grid-cols-2">
            <Figure
              name="Success"
              value={day().successRate == null ? '–' : percent(day().successRate ?? 0)}
            />
            <Figure name="Delivered" value={count(day().delivered)} />
            <Figure name="Failed" value={count(day().failed)} />
            <Figure name="Rejected" value={count(day().rejected)} />
            <Figure name="Median latency" value={latency(day().p50Ms)} />
          </dl>
        )}
      </Show>
    </Panel>
  );
}
