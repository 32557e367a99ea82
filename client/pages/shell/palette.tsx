import { useNavigate } from '@solidjs/router';
import Search from 'lucide-solid/icons/search';
import { For, Show, createEffect, createUniqueId, on, untrack } from 'solid-js';
import { Dynamic } from 'solid-js/web';
import { Dialog } from '../../ui/dialog.tsx';
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
    </Dialog>
  );
}

function Finder(props: Omit<PaletteProps, 'open'>) {
  const navigate = useNavigate();
  const id = createUniqueId();
  let list: HTMLUListElement | undefined;
  const go = (item: Item): void => {
    props.onClose();
    navigate(item.href);
  };
  const early = untrack(() => props.early);
  const finder = createFinder(early, go);
  const { items, marked, remark } = finder;
  const keys: Record<string, () => void> = {
    ArrowDown: () => finder.step(1),
    ArrowUp: () => finder.step(-1),
    Enter: finder.choose,
  };
  const press = (key: KeyboardEvent): void => {
    const act = Object.hasOwn(keys, key.key) && !key.isComposing ? keys[key.key] : undefined;
    if (!act) return;
    key.preventDefault();
    act();
  };
  createEffect(
    on(marked, (at) => list?.querySelector(`[data-at="${at}"]`)?.scrollIntoView({ block: 'nearest' })),
  );
  return (
    <>
      <div class="relative border-b border-line">
        <Search class="pointer-events-none absolute top-4 left-4 size-4 text-ink-3" aria-hidden="true" />
        <input
          role="combobox"
          aria-label="Go to a page, app, agent or event id"
          aria-expanded="true"
          aria-controls={`${id}-list`}
          aria-activedescendant={items().length > 0 ? `${id}-${marked()}` : undefined}
          aria-autocomplete="list"
          autocomplete="off"
          spellcheck={false}
          value={early.typed}
          placeholder="A page, app, agent or event id…"
          onInput={(input) => finder.type(input.currentTarget.value)}
          onKeyDown={press}
          class="block h-12 w-full rounded-t-xl bg-transparent pr-4 pl-10.5 text-base outline-none focus-visible:shadow-[inset_0_-2px_0_var(--accent)]"
        />
      </div>
      <p role="status" class="px-4 text-ink-2" classList={{ 'py-3': remark() !== undefined }}>
        {remark()}
      </p>
      <ul
        ref={list}
        id={`${id}-list`}
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
                id={`${id}-${at()}`}
                data-at={at()}
                role="option"
                aria-selected={at() === marked()}
                onPointerMove={() => finder.mark(item)}
                onClick={() => go(item)}
                class="flex h-9 cursor-pointer items-center gap-2.5 rounded-md px-2.5 text-ink-2 aria-selected:bg-accent-soft aria-selected:text-accent-ink"
              >
                <Dynamic component={item.icon} class="size-4 shrink-0" aria-hidden="true" />
                <span class="truncate text-ink" classList={{ 'font-mono text-xs': item.group === 'Event' }}>
                  {item.label}
                </span>
                <Show when={item.note}>
                  <span class="ml-auto truncate text-xs">{item.note}</span>
                </Show>
              </li>
            </>
          )}
        </For>
      </ul>
      <Show when={items().length === 0 && !remark()}>
        <p class="px-4 py-6 text-center text-ink-2">Nothing here is called that.</p>
      </Show>
    </>
  );
}
