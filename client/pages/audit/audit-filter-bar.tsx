import { Show } from 'solid-js';
import type { AuditQuery } from '../../format/audit.ts';
import { actions } from '../../format/audit.ts';
import { Button } from '../../ui/button.tsx';
import { Select } from '../../ui/select.tsx';
import { SearchField } from '../../ui/search-field.tsx';
import { TimeFilter } from '../events/time-filter.tsx';

interface AuditFilterBarProps {
  query: Partial<AuditQuery>;
  set: (change: Partial<AuditQuery>) => void;
  /** Set when a filter is at work. */
  clear: (() => void) | undefined;
}

const byName = Object.entries(actions)
  .map(([value, label]) => ({ value, label }))
  .sort((a, b) => a.label.localeCompare(b.label));

export function AuditFilterBar(props: AuditFilterBarProps) {
  return (
    <div role="search" aria-label="Filter entries" class="flex flex-wrap items-center gap-2">
      <Select
        label="Action"
        class="sm:max-w-64"
        value={props.query.action ?? ''}
        onChange={(action) => props.set({ action })}
        options={[{ value: '', label: 'Any action' }, ...byName]}
      />
      <TimeFilter query={props.query} set={props.set}>
        <SearchField label="Who" value={props.query.actor ?? ''} onSearch={(actor) => props.set({ actor })} />
        <Show when={props.clear}>
          {(clear) => (
            <Button variant="ghost" onClick={() => clear()()}>
              Clear
            </Button>
          )}
        </Show>
      </TimeFilter>
    </div>
  );
}
