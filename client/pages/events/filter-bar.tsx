import { Show } from 'solid-js';
import { Button } from '../../ui/button.tsx';
import { Select } from '../../ui/select.tsx';
import { SearchField } from '../../ui/search-field.tsx';
import { Picker } from '../connectable/picker.tsx';
import type { useEventFilters } from './event-filters.ts';
import { TimeFilter } from './time-filter.tsx';

const statuses = ['delivered', 'pending', 'failed', 'rejected'];

/** The codes Relay itself gives; agents may have their own. */
const codes = ['AGENT_ERROR', 'AGENT_TIMEOUT', 'AGENT_OFFLINE', 'NOT_ALLOWED', 'AGENT_NOT_FOUND'];

export function FilterBar(props: { filters: ReturnType<typeof useEventFilters> }) {
  const query = () => props.filters.query;
  return (
    <div role="search" aria-label="Filter events" class="flex flex-wrap items-center gap-2">
      <SearchField
        label="Search payload and reply"
        placeholder="Search contents"
        most={200}
        shortcut="/"
        value={query().text ?? ''}
        onSearch={props.filters.search}
      />
      <Select
        label="Status"
        class="sm:w-32 min-[90rem]:w-42"
        value={query().status ?? ''}
        onChange={(status) => props.filters.set({ status })}
        options={[
          { value: '', label: 'Any status' },
          ...statuses.map((value) => ({ value, label: value[0]?.toUpperCase() + value.slice(1) })),
          { value: 'failed,rejected', label: 'Failed or rejected' },
        ]}
      />
      <Picker
        kind="app"
        label="App"
        none="Any app"
        value={query().app}
        onChoose={(app) => props.filters.set({ app })}
        class="max-sm:flex-1 max-sm:basis-[45%] sm:w-27 min-[90rem]:w-36"
      />
      <Picker
        kind="agent"
        label="Agent"
        none="Any agent"
        value={query().agent}
        onChoose={(agent) => props.filters.set({ agent })}
        class="max-sm:flex-1 max-sm:basis-[45%] sm:w-27 min-[90rem]:w-36"
      />
      <TimeFilter query={query()} set={props.filters.set} bounded={Boolean(query().text)}>
        <SearchField
          label="Thread"
          narrow
          value={query().thread ?? ''}
          onSearch={(thread) => props.filters.set({ thread })}
        />
        <SearchField
          label="Error code"
          placeholder="Code"
          narrow
          suggestions={codes}
          value={query().code ?? ''}
          onSearch={(code) => props.filters.set({ code })}
        />
        <Show when={props.filters.narrowed()}>
          <Button variant="ghost" class="px-2!" onClick={props.filters.clear}>
            Clear
          </Button>
        </Show>
      </TimeFilter>
    </div>
  );
}
