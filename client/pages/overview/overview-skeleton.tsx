import { Panel } from '../../ui/page.tsx';
import { Bar, SkeletonRows } from '../../ui/states.tsx';

/** The overview before its numbers are there. */
export function OverviewSkeleton() {
  return (
    <>
      <Panel title="Needs attention">
        <SkeletonRows rows={3} />
      </Panel>
      <Panel title="Traffic">
        <div class="flex h-77 animate-breathe flex-col gap-4 p-4" aria-hidden="true">
          <Bar class="w-full" />
          <Bar class="w-1/2" />
        </div>
      </Panel>
    </>
  );
}
