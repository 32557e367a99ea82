import { Show } from 'solid-js';
import type { ActivityFieldsFragment } from '../../api/generated/graphql.ts';
import { percent } from '../../format/number.ts';
import { Spark } from '../../ui/spark.tsx';
import { Cell } from '../../ui/table.tsx';

/** The columns that `ActivityCells` fills. */
export const activityColumns = [
  { label: 'Success', right: true, wide: true },
  { label: 'Last 24 hours', wide: true, class: 'w-32' },
];

/** How its last day went, in two columns. Below nine in ten the rate is told in red, and in words. */
export function ActivityCells(props: { activity: ActivityFieldsFragment }) {
  const low = () => props.activity.successRate != null && props.activity.successRate < 0.9;
  return (
    <>
      <Cell right wide>
        <Show when={props.activity.successRate != null} fallback={<span class="text-ink-3">–</span>}>
          <span
            classList={{ 'text-bad font-medium': low(), 'text-ink-2': !low() }}
            title={`${props.activity.delivered} delivered, ${props.activity.failed} failed, ${props.activity.rejected} rejected`}
          >
            {percent(props.activity.successRate ?? 0)}
            <Show when={low()}>
              <span class="sr-only"> (low)</span>
            </Show>
          </span>
        </Show>
      </Cell>
      <Cell wide class="w-32">
        <Spark ended={props.activity.ended} troubled={props.activity.troubled} />
      </Cell>
    </>
  );
}
