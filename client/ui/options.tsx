import { For, Show, createEffect, on } from 'solid-js';

/** The next ones are asked for while there are still this many to scroll through, px. */
const AHEAD_PX = 120;

export interface Option {
  value: string;
  label: string;
  note: string;
}

interface OptionsProps {
  /** Of the list; its options are called `<id>-<at>`. */
  id: string;
  label: string;
  open: boolean;
  options: Option[];
  /** Which of them the keys stand on. */
  marked: number;
  /** What there is to say besides the options. */
  remark: string;
  /** Whether it has to grow to the left for want of room on the right. */
  leftward: boolean;
  onMark: (at: number) => void;
  onChoose: (option: Option) => void;
  /** The end of the options is in sight. */
  onMore: () => void;
}

/** What a combobox lists below it. */
export function Options(props: OptionsProps) {
  let list: HTMLUListElement | undefined;
  const more = (): void => {
    if (list && list.scrollHeight - list.scrollTop - list.clientHeight < AHEAD_PX) props.onMore();
  };
  createEffect(
    on([() => props.open, () => props.marked], ([open, at]) => {
      if (!open) return;
      list?.querySelector(`[data-at="${at}"]`)?.scrollIntoView({ block: 'nearest' });
      more();
    }),
  );
  return (
    <div
      class="absolute top-full z-30 mt-1 w-72 max-w-[calc(100vw-2rem)] min-w-full rounded-lg border border-line-strong bg-panel shadow-pop"
      classList={{ hidden: !props.open, 'right-0': props.leftward, 'left-0': !props.leftward }}
      // The input keeps the focus while the list is used.
      onPointerDown={(event) => event.preventDefault()}
    >
      <ul
        ref={list}
        id={props.id}
        role="listbox"
        aria-label={props.label}
        onScroll={more}
        class="max-h-64 overflow-y-auto p-1 empty:hidden"
      >
        <Show when={props.open}>
          <For each={props.options}>
            {(option, at) => (
              <li
                id={`${props.id}-${at()}`}
                data-at={at()}
                role="option"
                title={option.label}
                aria-selected={at() === props.marked}
                onPointerMove={() => props.onMark(at())}
                onClick={() => props.onChoose(option)}
                class="flex min-h-8 cursor-pointer items-center gap-2.5 rounded-md px-2 aria-selected:bg-accent-soft aria-selected:text-accent-ink"
              >
                <span class="truncate" classList={{ 'font-medium': option.value !== '' }}>
                  {option.label}
                </span>
                <code class="ml-auto min-w-16 shrink-[4] truncate font-mono text-xs text-ink-2">
                  {option.note}
                </code>
              </li>
            )}
          </For>
        </Show>
      </ul>
      <p role="status" class="text-ink-2" classList={{ 'px-3 py-2': props.open && props.remark !== '' }}>
        {props.open ? props.remark : ''}
      </p>
    </div>
  );
}
