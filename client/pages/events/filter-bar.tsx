import { Show } from 'solid-js';
import { PickersDocument } from '../../api/generated/graphql.ts';
import { createQuery } from '../../api/query.ts';
import { useOrganization } from '../../api/session.tsx';
import { Button } from '../../ui/button.tsx';
import { Select } from '../../ui/select.tsx';
import { SearchField } from '../../ui/search-field.tsx';
import type { useEventFilters } from './event-filters.ts';
import { TimeFilter } from './time-filter.tsx';

const statuses = ['delivered', 'pending', 'failed', 'rejected'];

/** The codes Relay itself gives; agents may have their own. */
const codes = ['AGENT_ERROR', 'AGENT_TIMEOUT', 'AGENT_OFFLINE', 'NOT_ALLOWED', 'AGENT_NOT_FOUND'];

/** A list of apps or agents, with the one in the address even when it is beyond the first hundred. */
function choices(any: string, nodes: { id: string; name: string }[], chosen: string | undefined) {
  const known = nodes.map(({ id, name }) => ({ value: id, label: name }));
  const missing =
    chosen && !nodes.some(({ id }) => id === chosen) ? [{ value: chosen, label: 'Chosen by link' }] : [];
  return [{ value: '', label: any }, ...missing, ...known];
}

export function FilterBar(props: { filters: ReturnType<typeof useEventFilters> }) {
  const organization = useOrganization();
  const pickers = createQuery(PickersDocument, () => ({ org: organization().slug }));
  const query = () => props.filters.query;
  const nodes = (side: 'apps' | 'agents') =>
    (pickers.data?.organization?.[side].edges ?? []).map(({ node }) => node);
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
        value={query().status ?? ''}
        onChange={(status) => props.filters.set({ status })}
        options={[
          { value: '', label: 'Any status' },
          ...statuses.map((value) => ({ value, label: value[0]?.toUpperCase() + value.slice(1) })),
          { value: 'failed,rejected', label: 'Failed or rejected' },
        ]}
      />
      <Select
        label="App"
        class="sm:max-w-36"
        value={query().app ?? ''}
        onChange={(app) => props.filters.set({ app })}
        options={choices('Any app', nodes('apps'), query().app)}
      />
      <Select
        label="Agent"
        class="sm:max-w-36"
        value={query().agent ?? ''}
        onChange={(agent) => props.filters.set({ agent })}
        options={choices('Any agent', nodes('agents'), query().agent)}
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
          narrow
          suggestions={codes}
          value={query().code ?? ''}
          onSearch={(code) => props.filters.set({ code })}
        />
        <Show when={props.filters.narrowed()}>
          <Button variant="ghost" onClick={props.filters.clear}>
            Clear
          </Button>
        </Show>
      </TimeFilter>
    </div>
  );
}
