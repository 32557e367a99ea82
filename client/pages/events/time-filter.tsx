import type { JSX } from 'solid-js';
import { For, Show } from 'solid-js';
import type { TimeQuery } from '../../format/event-filter.ts';
import { SEARCH_RANGE, ranges } from '../../format/event-filter.ts';
import { Select } from '../../ui/select.tsx';

const CUSTOM = 'custom';

interface TimeFilterProps {
  query: Partial<TimeQuery>;
  set: (change: Partial<TimeQuery>) => void;
  /** Whether a beginning must be given. */
  bounded?: boolean;
  /** Further filters, which stand before the two ends of a chosen time. */
  children: JSX.Element;
}

/** A time that reaches back from now, or one between two moments. */
export function TimeFilter(props: TimeFilterProps) {
  const custom = () => props.query.range === CUSTOM || Boolean(props.query.from || props.query.to);
  return (
    <>
      <Select
        label="Time"
        class="sm:w-34"
        value={custom() ? CUSTOM : (props.query.range ?? (props.bounded ? SEARCH_RANGE : ''))}
        onChange={(range) => props.set({ range, from: '', to: '' })}
        options={[
          ...(props.bounded ? [] : [{ value: '', label: 'Any time' }]),
          ...Object.entries(ranges).map(([value, { label }]) => ({ value, label })),
          { value: CUSTOM, label: 'Between…' },
        ]}
      />
      {props.children}
      <Show when={custom()}>
        <div class="flex w-full flex-wrap items-center gap-2">
          <For each={['from', 'to'] as const}>
            {(end) => (
              <label class="inline-flex items-center gap-2 text-ink-2">
                {end === 'from' ? 'From' : 'To'}
                <input
                  type="datetime-local"
                  value={props.query[end] ?? ''}
                  onChange={(event) => props.set({ range: CUSTOM, [end]: event.currentTarget.value })}
                  class="h-8 rounded-md border border-line-strong bg-panel px-2 text-sm text-ink"
                />
              </label>
            )}
          </For>
          <span class="text-xs text-ink-3">UTC</span>
        </div>
      </Show>
    </>
  );
}
