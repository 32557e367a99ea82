import { A } from '@solidjs/router';
import type { JSX } from 'solid-js';
import { For } from 'solid-js';

interface Column {
  label: string;
  /** Left out on narrow screens. */
  wide?: boolean;
  right?: boolean;
  class?: string;
}

/** A table that scrolls sideways in its own box when it must. */
export function Table(props: { label: string; columns: Column[]; children: JSX.Element }) {
  return (
    <div class="overflow-x-auto">
      <table class="w-full border-collapse" aria-label={props.label}>
        <thead>
          <tr class="border-b border-line">
            <For each={props.columns}>
              {(column) => (
                <th
                  scope="col"
                  class={`h-8 px-4 text-left max-xl:px-3 first:pl-4 last:pr-4 text-xs font-medium whitespace-nowrap text-ink-3 ${column.class ?? ''}`}
                  classList={{ 'max-md:hidden': column.wide, 'text-right': column.right }}
                >
                  {column.label}
                </th>
              )}
            </For>
          </tr>
        </thead>
        <tbody class="divide-y divide-line">{props.children}</tbody>
      </table>
    </div>
  );
}

export function Row(props: { children: JSX.Element; fresh?: boolean; dim?: boolean }) {
  return (
    <tr
      class="relative h-10 hover:bg-hover has-[a:focus-visible]:bg-hover"
      classList={{ 'animate-arrive': props.fresh, 'text-ink-3': props.dim }}
    >
      {props.children}
    </tr>
  );
}

export function Cell(props: { children?: JSX.Element; wide?: boolean; right?: boolean; class?: string }) {
  return (
    <td
      class={`px-4 py-1.5 first:pl-4 last:pr-4 max-xl:px-3 ${props.class ?? ''}`}
      classList={{ 'max-md:hidden': props.wide, 'text-right': props.right }}
    >
      {props.children}
    </td>
  );
}

/** The link of a row; all of the row is its target, while it stays one real link for keyboards and new tabs. */
export function RowLink(props: { href: string; children: JSX.Element; class?: string }) {
  return (
    <A href={props.href} class={`after:absolute after:inset-0 after:content-[''] ${props.class ?? ''}`}>
      {props.children}
    </A>
  );
}

export function LoadMore(props: { shown: boolean; busy: boolean; onMore: () => void }) {
  return (
    <div class="border-t border-line p-2 text-center" classList={{ hidden: !props.shown }}>
      <button
        type="button"
        disabled={props.busy}
        onClick={() => props.onMore()}
        class="h-8 w-full rounded-md text-ink-2 hover:bg-hover hover:text-ink disabled:opacity-60"
      >
        {props.busy ? 'Loading…' : 'Load more'}
      </button>
    </div>
  );
}
