import { Panel } from '../../ui/page.tsx';
import { Bar, SkeletonRows } from '../../ui/states.tsx';

/** The overview before its numbers are there. */
export function OverviewSkeleton() {
  return (
    <>
      <Panel title="Needs attention">
        <div class="min-h-33 max-sm:min-h-42">
          <SkeletonRows rows={3} />
        </div>
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
