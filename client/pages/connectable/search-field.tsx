import Search from 'lucide-solid/icons/search';
import { createEffect, createSignal, on, onCleanup, untrack } from 'solid-js';

const TYPING_MS = 200;

interface SearchFieldProps {
  label: string;
  value: string;
  onSearch: (text: string) => void;
}

/** Searches while one types, a moment after the last key. */
export function SearchField(props: SearchFieldProps) {
  const [text, setText] = createSignal(untrack(() => props.value));
  let timer: ReturnType<typeof setTimeout> | undefined;
  onCleanup(() => clearTimeout(timer));
  createEffect(
    on(
      () => props.value,
      (value) => setText(value),
      { defer: true },
    ),
  );
  const type = (value: string): void => {
    setText(value);
    clearTimeout(timer);
    timer = setTimeout(() => props.onSearch(value.trim()), TYPING_MS);
  };
  return (
    <span class="relative inline-flex max-sm:w-full">
      <Search class="pointer-events-none absolute top-2 left-2.5 size-4 text-ink-3" aria-hidden="true" />
      <input
        type="search"
        aria-label={props.label}
        placeholder={props.label}
        value={text()}
        onInput={(event) => type(event.currentTarget.value)}
        class="h-8 w-56 rounded-md border border-line-strong bg-panel pr-2.5 pl-8 text-sm max-sm:w-full"
      />
    </span>
  );
}
