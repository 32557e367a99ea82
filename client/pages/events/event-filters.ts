import { useSearchParams } from '@solidjs/router';
import { createMemo } from 'solid-js';
import type { FilterQuery } from '../../format/event-filter.ts';
import { toFilter } from '../../format/event-filter.ts';

export function useEventFilters() {
  const [query, setQuery] = useSearchParams<FilterQuery>();
  const filter = createMemo(() => toFilter({ ...query }, Date.now()));
  const set = (change: Partial<FilterQuery>): void =>
    setQuery(Object.fromEntries(Object.entries(change).map(([name, value]) => [name, value || undefined])), {
      replace: true,
      scroll: false,
    });
  return {
    query,
    filter,
    set,
    narrowed: () => Object.keys(filter()).length > 0,
    clear: () => set({ status: '', app: '', agent: '', thread: '', code: '', range: '', from: '', to: '' }),
  };
}
