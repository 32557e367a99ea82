import { useSearchParams } from '@solidjs/router';
import { createMemo, on } from 'solid-js';
import type { FilterQuery } from '../../format/event-filter.ts';
import { SEARCH_RANGE, toFilter } from '../../format/event-filter.ts';

const names = ['status', 'app', 'agent', 'thread', 'code', 'text', 'range', 'from', 'to'] as const;

export function useEventFilters() {
  const [query, setQuery] = useSearchParams<FilterQuery>();
  // Only by what is part of it: a range ends now, and now must not move when something else in the address does.
  const given = createMemo(() => JSON.stringify(names.map((name) => query[name])));
  const filter = createMemo(on(given, () => toFilter({ ...query }, Date.now())));
  const set = (change: Partial<FilterQuery>): void =>
    setQuery(Object.fromEntries(Object.entries(change).map(([name, value]) => [name, value || undefined])), {
      replace: true,
      scroll: false,
    });
  return {
    query,
    filter,
    set,
    /** A search says in the address how far back it reaches, as the API needs to be told. */
    search: (text: string) => {
      const { range, from } = query;
      set({ text, ...(text && !range && !from ? { range: SEARCH_RANGE } : {}) });
    },
    narrowed: () => Object.keys(filter()).length > 0,
    clear: () => set(Object.fromEntries(names.map((name) => [name, '']))),
  };
}
