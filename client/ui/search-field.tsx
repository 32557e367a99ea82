import Search from 'lucide-solid/icons/search';
import { For, Show, createEffect, createSignal, createUniqueId, on, onCleanup, untrack } from 'solid-js';
import { Kbd } from './kbd.tsx';

const TYPING_MS = 200;

interface SearchFieldProps {
  label: string;
  value: string;
  onSearch: (text: string) => void;
  narrow?: boolean;
  /** Stands in the empty field in place of the label. */
  placeholder?: string;
  /** Most characters. */
  most?: number;
  suggestions?: string[];
  /** The key that leads here; the page listens for it. */
  shortcut?: string;
}

/** Searches while one types, a moment after the last key. */
export function SearchField(props: SearchFieldProps) {
  const [text, setText] = createSignal(untrack(() => props.value));
  const list = createUniqueId();
  let timer: ReturnType<typeof setTimeout> | undefined;
  /** What was asked for last. */
  let searched = untrack(text);
  onCleanup(() => clearTimeout(timer));
  createEffect(
    on(
      () => props.value,
      (value) => {
        // What is typed meanwhile, or only ends in a space, stays; what was changed elsewhere takes its place.
        if (value === searched) return;
        clearTimeout(timer);
        searched = value;
        setText(value);
      },
      { defer: true },
    ),
  );
  const type = (value: string): void => {
    setText(value);
    clearTimeout(timer);
    timer = setTimeout(() => {
      searched = value.trim();
      props.onSearch(searched);
    }, TYPING_MS);
  };
  return (
    <span
      class="group relative inline-flex max-sm:flex-1 max-sm:basis-[45%]"
      classList={{ 'max-sm:basis-full!': !props.narrow }}
    >
      <Search class="pointer-events-none absolute top-2 left-2.5 size-4 text-ink-3" aria-hidden="true" />
      <input
        type="search"
        aria-label={props.label}
        aria-keyshortcuts={props.shortcut}
        placeholder={props.placeholder ?? props.label}
        maxlength={props.most}
        list={props.suggestions && list}
        value={text()}
        onInput={(event) => type(event.currentTarget.value)}
        class="h-8 rounded-md border border-line-strong bg-panel pr-2.5 pl-8 text-sm placeholder:text-ink-2 max-sm:w-full [&::-webkit-calendar-picker-indicator]:hidden!"
        classList={{ 'w-28': props.narrow, 'w-44': !props.narrow }}
      />
      <Show when={props.shortcut && !text()}>
        <span class="pointer-events-none absolute top-1.5 right-2 group-focus-within:hidden max-md:hidden">
          <Kbd>{props.shortcut}</Kbd>
        </span>
      </Show>
      <Show when={props.suggestions}>
        {(suggestions) => (
          <datalist id={list}>
            <For each={suggestions()}>{(suggestion) => <option value={suggestion} />}</For>
          </datalist>
        )}
      </Show>
    </span>
  );
}
