import { useOrganization } from '../../api/session.tsx';
import { Page, Panel } from '../../ui/page.tsx';
import { Empty } from '../../ui/states.tsx';
import { useEventFilters } from './event-filters.ts';
import { EventTable } from './event-table.tsx';
import { FilterBar } from './filter-bar.tsx';

export default function EventLogs() {
  const organization = useOrganization();
  const filters = useEventFilters();
  return (
    <Page title="Event logs">
      <FilterBar filters={filters} />
      <Panel>
        <EventTable
          label="Event logs"
          filter={filters.filter()}
          first={50}
          onClear={filters.narrowed() ? filters.clear : undefined}
          empty={
            <Empty title="No events yet">
              Every event the apps of {organization().name} send appears here the moment it is accepted.
            </Empty>
          }
        />
      </Panel>
    </Page>
  );
}
