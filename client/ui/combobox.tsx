import ChevronDown from 'lucide-solid/icons/chevron-down';
import { For, Show, createEffect, createSignal, createUniqueId, on, onCleanup } from 'solid-js';

const TYPING_MS = 200;
/** The next ones are asked for while there are still this many to scroll through, px. */
const AHEAD_PX = 120;

interface Option {
  value: string;
  label: string;
  note: string;
}

interface ComboboxProps {
  label: string;
  placeholder: string;
  /** Those that fit what is typed, as far as they are known. */
  options: Option[];
  /** What there is to say while there are none. */
  remark: string;
  /** What the one that was chosen is called; empty: none is. */
  chosen: string;
  onChoose: (option: Option) => void;
  /** Told what is typed, a moment after the last key, and undefined while nobody chooses. */
  onSearch: (text: string | undefined) => void;
  /** The end of the options is in sight. */
  onMore: () => void;
}

/** One of more than a list can show: found by typing a part of its name. */
export function Combobox(props: ComboboxProps) {
  const id = createUniqueId();
  const [open, setOpen] = createSignal(false);
  const [typed, setTyped] = createSignal('');
  const [marked, setMarked] = createSignal(0);
  let list: HTMLUListElement | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  onCleanup(() => clearTimeout(timer));
  const show = (): void => {
    if (open()) return;
    setTyped('');
    setMarked(0);
    setOpen(true);
    props.onSearch('');
  };
  const hide = (): void => {
    clearTimeout(timer);
    setOpen(false);
    props.onSearch(undefined);
  };
  const type = (text: string): void => {
    show();
    setTyped(text);
    setMarked(0);
    clearTimeout(timer);
    timer = setTimeout(() => props.onSearch(text.trim()), TYPING_MS);
  };
  const choose = (option: Option | undefined): void => {
    if (!option) return;
    props.onChoose(option);
    hide();
  };
  const step = (by: number): void => {
    if (!open()) return show();
    setMarked((at) => Math.min(props.options.length - 1, Math.max(0, at + by)));
  };
  const keys: Record<string, () => void> = {
    ArrowDown: () => step(1),
    ArrowUp: () => step(-1),
    Enter: () => (open() ? choose(props.options[marked()]) : show()),
  };
  const press = (event: KeyboardEvent): void => {
    if (event.isComposing) return;
    if (event.key === 'Escape' && open()) {
      // Closes the list, and not the dialog it may stand in.
      event.preventDefault();
      event.stopPropagation();
      hide();
    } else if (Object.hasOwn(keys, event.key)) {
      event.preventDefault();
      keys[event.key]?.();
    }
  };
  const more = (): void => {
    if (list && list.scrollHeight - list.scrollTop - list.clientHeight < AHEAD_PX) props.onMore();
  };
  createEffect(
    on(marked, (at) => {
      list?.querySelector(`[data-at="${at}"]`)?.scrollIntoView({ block: 'nearest' });
      if (open()) more();
    }),
  );
  return (
    <span class="relative flex min-w-0 flex-1">
      <input
        role="combobox"
        aria-label={props.label}
        aria-expanded={open()}
        aria-controls={`${id}-list`}
        aria-activedescendant={open() && props.options.length > 0 ? `${id}-${marked()}` : undefined}
        aria-autocomplete="list"
        autocomplete="off"
        spellcheck={false}
        placeholder={props.chosen || props.placeholder}
        value={open() ? typed() : props.chosen}
        onInput={(event) => type(event.currentTarget.value)}
        onKeyDown={press}
        onClick={show}
        onBlur={hide}
        class="h-8 w-full min-w-0 truncate rounded-md border border-line-strong bg-panel pr-8 pl-2.5 text-sm placeholder:text-ink-2"
      />
      <ChevronDown class="pointer-events-none absolute top-2 right-2 size-4 text-ink-3" aria-hidden="true" />
      <div
        class="absolute inset-x-0 top-full z-30 mt-1 rounded-lg border border-line-strong bg-panel shadow-pop"
        classList={{ hidden: !open() }}
        // The input keeps the focus while the list is used.
        onPointerDown={(event) => event.preventDefault()}
      >
        <ul
          ref={list}
          id={`${id}-list`}
          role="listbox"
          aria-label={props.label}
          onScroll={more}
          class="max-h-64 overflow-y-auto p-1 empty:hidden"
        >
          <Show when={open()}>
            <For each={props.options}>
              {(option, at) => (
                <li
                  id={`${id}-${at()}`}
                  data-at={at()}
                  role="option"
                  aria-selected={at() === marked()}
                  onPointerMove={() => setMarked(at())}
                  onClick={() => choose(option)}
                  class="flex min-h-8 cursor-pointer items-center gap-2.5 rounded-md px-2 aria-selected:bg-accent-soft aria-selected:text-accent-ink"
                >
                  <span class="truncate font-medium">{option.label}</span>
                  <code class="ml-auto truncate font-mono text-xs text-ink-2">{option.note}</code>
                </li>
              )}
            </For>
          </Show>
        </ul>
        <p role="status" class="text-ink-2" classList={{ 'px-3 py-2': open() && props.options.length === 0 }}>
          {open() && props.options.length === 0 ? props.remark : ''}
        </p>
      </div>
    </span>
  );
}
