import { For, Show } from 'solid-js';
import { PickersDocument } from '../../api/generated/graphql.ts';
import { createQuery } from '../../api/query.ts';
import { useOrganization } from '../../api/session.tsx';
import { Button } from '../../ui/button.tsx';
import { Select } from '../../ui/select.tsx';
import { SearchField } from '../connectable/search-field.tsx';
import { ranges } from '../../format/event-filter.ts';
import type { useEventFilters } from './event-filters.ts';

const CUSTOM = 'custom';
const statuses = ['delivered', 'pending', 'failed', 'rejected'];

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
  const custom = () => query().range === CUSTOM || Boolean(query().from || query().to);
  const setRange = (range: string): void => props.filters.set({ range, from: '', to: '' });
  return (
    <div role="search" aria-label="Filter events" class="flex flex-wrap items-center gap-2">
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
        class="sm:max-w-44"
        value={query().app ?? ''}
        onChange={(app) => props.filters.set({ app })}
        options={choices('Any app', nodes('apps'), query().app)}
      />
      <Select
        label="Agent"
        class="sm:max-w-44"
        value={query().agent ?? ''}
        onChange={(agent) => props.filters.set({ agent })}
        options={choices('Any agent', nodes('agents'), query().agent)}
      />
      <Select
        label="Time"
        value={custom() ? CUSTOM : (query().range ?? '')}
        onChange={setRange}
        options={[
          { value: '', label: 'Any time' },
          ...Object.entries(ranges).map(([value, { label }]) => ({ value, label })),
          { value: CUSTOM, label: 'Between…' },
        ]}
      />
      <SearchField
        label="Thread"
        value={query().thread ?? ''}
        onSearch={(thread) => props.filters.set({ thread })}
      />
      <Show when={props.filters.narrowed()}>
        <Button variant="ghost" onClick={props.filters.clear}>
          Clear
        </Button>
      </Show>
      <Show when={custom()}>
        <div class="flex w-full flex-wrap items-center gap-2">
          <For each={['from', 'to'] as const}>
            {(end) => (
              <label class="inline-flex items-center gap-2 text-ink-2">
                {end === 'from' ? 'From' : 'To'}
                <input
                  type="datetime-local"
                  value={query()[end] ?? ''}
                  onChange={(event) => props.filters.set({ range: CUSTOM, [end]: event.currentTarget.value })}
                  class="h-8 rounded-md border border-line-strong bg-panel px-2 text-sm text-ink"
                />
              </label>
            )}
          </For>
          <span class="text-xs text-ink-3">UTC</span>
        </div>
      </Show>
    </div>
  );
}
