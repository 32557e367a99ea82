import { A } from '@solidjs/router';
import type { JSX } from 'solid-js';
import { For, Show } from 'solid-js';
import { Button } from './button.tsx';
import { noticeLook } from './states.tsx';

interface Column {
  label: string;
  /** Left out on narrow screens. */
  wide?: boolean;
  right?: boolean;
  class?: string;
}

interface TableProps {
  label: string;
  columns: Column[];
  /** A class of height: beyond it the table scrolls in its own box, also for keyboards. */
  height?: string;
  children: JSX.Element;
  /** Columns keep their widths whatever is in them, as they must where rows come and go. */
  fixed?: boolean;
  /** How many rows there are when not all of them are drawn; -1: not known. */
  rowCount?: number;
  /** Is given the element that holds the rows. */
  body?: (element: HTMLTableSectionElement) => void;
}

/** A table that scrolls sideways in its own box when it must. */
export function Table(props: TableProps) {
  return (
    <div
      class={`rounded-[inherit] has-[+:not(.hidden)]:rounded-b-none [overflow-anchor:none] ${props.height ? `overflow-auto ${props.height}` : 'overflow-x-auto'}`}
      tabindex={props.height ? 0 : undefined}
      role={props.height ? 'region' : undefined}
      aria-label={props.height ? `${props.label}, rows` : undefined}
    >
      <table
        class="w-full border-separate border-spacing-0"
        classList={{ 'table-fixed': props.fixed }}
        aria-label={props.label}
        aria-rowcount={props.rowCount}
      >
        <thead class="relative z-1 bg-panel">
          <tr>
            <For each={props.columns}>
              {(column) => (
                <th
                  scope="col"
                  class={`h-8 border-b border-line px-4 text-left forced-colors:border-b-0 max-xl:px-3 first:pl-4 last:pr-4 text-xs font-medium whitespace-nowrap text-ink-3 ${column.class ?? ''}`}
                  classList={{ 'max-md:hidden': column.wide, 'text-right': column.right }}
                >
                  {column.label}
                </th>
              )}
            </For>
          </tr>
        </thead>
        <tbody ref={(element) => props.body?.(element)}>{props.children}</tbody>
      </table>
    </div>
  );
}

/**
 * The room of rows that are out of sight and not drawn. Its one cell spans no columns: fixed tables would make columns for
 * those that narrow screens leave out.
 */
export function Room(props: { rows: number; height: number }) {
  return (
    <Show when={props.rows > 0}>
      <tr aria-hidden="true">
        <td class="p-0" style={{ height: `${props.rows * props.height}px` }} />
      </tr>
    </Show>
  );
}

interface RowProps {
  children: JSX.Element;
  fresh?: boolean;
  dim?: boolean;
  /** Stands open beside the table. */
  chosen?: boolean;
  /** Its place among all rows, from 0, where not all of them are drawn. */
  index?: number;
  /** The event it is about, for those who look for its row. */
  event?: string;
}

export function Row(props: RowProps) {
  return (
    <tr
      class="relative h-10 hover:bg-hover has-[a:focus-visible]:bg-hover"
      classList={{
        'animate-arrive': props.fresh,
        'text-ink-3': props.dim,
        'bg-accent-soft hover:bg-accent-soft': props.chosen,
        'max-md:h-13': props.index !== undefined,
      }}
      aria-rowindex={props.index === undefined ? undefined : props.index + 2}
      data-event={props.event}
    >
      {props.children}
    </tr>
  );
}

/**
 * Has the line above its row, to go where that slides. Where the colours are the system's own, the first row's is seen as
 * well, and stands for the one below the names of columns.
 */
export function Cell(props: { children?: JSX.Element; wide?: boolean; right?: boolean; class?: string }) {
  return (
    <td
      class={`border-t border-line px-4 pt-1.25 pb-1.5 in-[tr:first-child]:border-transparent first:pl-4 last:pr-4 max-xl:px-3 ${props.class ?? ''}`}
      classList={{ 'max-md:hidden': props.wide, 'text-right': props.right }}
    >
      {props.children}
    </td>
  );
}

interface RowLinkProps {
  href: string;
  children: JSX.Element;
  class?: string;
  /** What it leads to is open already. */
  current?: boolean;
  /** Said in full on hover, where not all of it may be seen. */
  title?: string;
  /** Before the router sees it; what prevents the default keeps the page. */
  onClick?: (event: MouseEvent) => void;
}

/** The link of a row; all of the row is its target, while it stays one real link for keyboards and new tabs. */
export function RowLink(props: RowLinkProps) {
  return (
    <A
      href={props.href}
      title={props.title}
      aria-current={props.current ? 'true' : undefined}
      ref={(element: HTMLAnchorElement) =>
        element.addEventListener('click', (event) => props.onClick?.(event))
      }
      class="block min-w-0 after:absolute after:inset-0 after:content-['']"
    >
      {/* What cuts a text off stays within the link: browsers lose the row that its target fills while rows slide. */}
      <span class={`block ${props.class ?? ''}`}>{props.children}</span>
    </A>
  );
}

/** A list that is read page by page. */
export interface Paged {
  hasMore: () => boolean;
  loadingMore: () => boolean;
  /** Why a further page did not come, a sentence. */
  moreProblem: () => string | undefined;
  /** Asks for a further page, or again for the one that did not come. */
  more: () => void;
}

interface LoadMoreProps {
  /** What the rows are: apps, for instance. */
  what: string;
  list: Paged;
}

/** Stands below the rows while there are more. One button for it all, so that it keeps the focus. */
export function LoadMore(props: LoadMoreProps) {
  const problem = () => props.list.moreProblem();
  const label = () => {
    if (props.list.loadingMore()) return 'Loading…';
    return problem() ? 'Try again' : 'Load more';
  };
  return (
    <div class="border-t border-line p-2" classList={{ hidden: !props.list.hasMore() }}>
      <div class={problem() ? noticeLook('bad') : ''}>
        <Show when={problem()}>
          {(said) => (
            <div role="alert" class="min-w-0 flex-1">
              {furtherProblem(props.what, said())}
            </div>
          )}
        </Show>
        <Button
          variant={problem() ? 'secondary' : 'ghost'}
          class={problem() ? '' : 'w-full font-normal!'}
          busy={props.list.loadingMore()}
          onClick={() => props.list.more()}
        >
          {label()}
        </Button>
      </div>
    </div>
  );
}

/** What there is to say when a further page did not come. */
export const furtherProblem = (what: string, problem: string): string =>
  `Further ${what} could not be loaded. ${problem}`;
