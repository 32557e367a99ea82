import { useNavigate } from '@solidjs/router';
import Glass from 'lucide-solid/icons/search';
import { For, Show, createEffect, createUniqueId, on, untrack } from 'solid-js';
import { Dynamic } from 'solid-js/web';
import { Dialog } from '../../ui/dialog.tsx';
import { Kbd } from '../../ui/kbd.tsx';
import { createFinder } from './finder.ts';
import type { Item } from './palette-items.ts';

export interface PaletteProps {
  open: boolean;
  /** What was typed before it was there, and whether Enter came after it. */
  early: { typed: string; entered: boolean };
  onClose: () => void;
}

/** Goes anywhere by typing a little of its name. */
export default function Palette(props: PaletteProps) {
  return (
    <Dialog open={props.open} onClose={() => props.onClose()} title="Go to" bare>
      <Finder early={props.early} onClose={() => props.onClose()} />
      <Keys />
    </Dialog>
  );
}

const keys: [keys: string[], what: string][] = [
  [['↑', '↓'], 'choose'],
  [['Enter'], 'open'],
  [['Esc'], 'close'],
];

/** For whoever does not know the keys of such a list; those who hear it are told by it. */
function Keys() {
  return (
    <p class="flex gap-4 border-t border-line px-4 py-2 text-xs text-ink-3 max-sm:hidden" aria-hidden="true">
      <For each={keys}>
        {([pressed, what]) => (
          <span class="inline-flex items-center gap-1">
            <For each={pressed}>{(key) => <Kbd>{key}</Kbd>}</For>
            <span class="ml-0.5">{what}</span>
          </span>
        )}
      </For>
    </p>
  );
}

function Finder(props: Omit<PaletteProps, 'open'>) {
  const navigate = useNavigate();
  const id = createUniqueId();
  const go = (item: Item): void => {
    props.onClose();
    navigate(item.href);
  };
  const early = untrack(() => props.early);
  const finder = createFinder(early, go);
  return (
    <>
      <Search id={id} finder={finder} typed={early.typed} />
      <p role="status" class="px-4 text-ink-2" classList={{ 'py-3': finder.remark() !== undefined }}>
        {finder.remark()}
      </p>
      <Found id={id} finder={finder} onGo={go} />
      <Show when={finder.items().length === 0 && !finder.remark()}>
        <p class="px-4 py-6 text-center text-ink-2">Nothing here is called that.</p>
      </Show>
    </>
  );
}

interface PartProps {
  /** Of the whole: `${id}-list` is the list, `${id}-0` its first item. */
  id: string;
  finder: ReturnType<typeof createFinder>;
}

function Search(props: PartProps & { typed: string }) {
  const keys: Record<string, () => void> = {
    ArrowDown: () => props.finder.step(1),
    ArrowUp: () => props.finder.step(-1),
    Enter: () => props.finder.choose(),
  };
  const press = (key: KeyboardEvent): void => {
    const act = Object.hasOwn(keys, key.key) && !key.isComposing ? keys[key.key] : undefined;
    if (!act) return;
    key.preventDefault();
    act();
  };
  return (
    <div class="relative border-b border-line">
      <Glass class="pointer-events-none absolute top-4 left-4 size-4 text-ink-3" aria-hidden="true" />
      <input
        role="combobox"
        aria-label="Go to a page, app, agent or event ID"
        aria-expanded="true"
        aria-controls={`${props.id}-list`}
        aria-activedescendant={
          props.finder.items().length > 0 ? `${props.id}-${props.finder.marked()}` : undefined
        }
        aria-autocomplete="list"
        autocomplete="off"
        spellcheck={false}
        value={props.typed}
        placeholder="A page, app, agent or event ID…"
        onInput={(input) => props.finder.type(input.currentTarget.value)}
        onKeyDown={press}
        class="block h-12 w-full rounded-t-xl bg-transparent pr-4 pl-10.5 text-base outline-none focus-visible:shadow-[inset_0_-2px_0_var(--accent)]"
      />
    </div>
  );
}

function Found(props: PartProps & { onGo: (item: Item) => void }) {
  let list: HTMLUListElement | undefined;
  const items = () => props.finder.items();
  const marked = () => props.finder.marked();
  createEffect(
    on(marked, (at) => list?.querySelector(`[data-at="${at}"]`)?.scrollIntoView({ block: 'nearest' })),
  );
  return (
    <ul
      ref={list}
      id={`${props.id}-list`}
      role="listbox"
      aria-label="Places"
      class="max-h-[50vh] overflow-y-auto p-1.5 empty:hidden"
    >
      <For each={items()}>
        {(item, at) => (
          <>
            <Show when={item.group !== items()[at() - 1]?.group}>
              <li role="presentation" class="px-2.5 pt-2 pb-1 text-xs font-medium text-ink-3">
                {item.group}
              </li>
            </Show>
            <li
              id={`${props.id}-${at()}`}
              data-at={at()}
              role="option"
              aria-selected={at() === marked()}
              onPointerMove={() => props.finder.mark(item)}
              onClick={() => props.onGo(item)}
              class="flex h-9 cursor-pointer items-center gap-2.5 rounded-md px-2.5 text-ink-2 aria-selected:bg-accent-soft aria-selected:text-accent-ink"
            >
              <Dynamic component={item.icon} class="size-4 shrink-0" aria-hidden="true" />
              <span class="truncate text-ink" classList={{ 'font-mono text-xs': item.group === 'Event' }}>
                {item.label}
              </span>
              <Show when={item.note}>
                <span
                  class="ml-auto truncate text-xs"
                  classList={{ 'font-mono': item.group === 'Apps' || item.group === 'Agents' }}
                >
                  {item.note}
                </span>
              </Show>
            </li>
          </>
        )}
      </For>
    </ul>
  );
}
