import type { CombinedError } from '@urql/core';
import type { JSX } from 'solid-js';
import { Match, Switch } from 'solid-js';
import { problemText } from '../api/problem.ts';
import { Problem, SkeletonRows } from './states.tsx';
import type { Paged } from './table.tsx';
import { LoadMore } from './table.tsx';

/** A list that is read page by page, of whatever it holds. */
export interface PagedList<Item> extends Paged {
  nodes: () => Item[];
  loading: () => boolean;
  /** Why the first page is not there. */
  error: () => CombinedError | undefined;
  refetch: () => void;
}

interface ListedProps {
  list: PagedList<unknown>;
  /** What the rows are: apps, for instance. */
  what: string;
  /** How many rows to leave room for while they load, where that can be guessed. */
  guess?: number;
  tall?: boolean;
  tallWhenNarrow?: boolean;
  /** The rows have names of columns above them. */
  headed?: boolean;
  /** Shown where there is nothing. */
  empty: JSX.Element;
  /** The rows. */
  children: JSX.Element;
}

/** The rows of a list with the way to further ones; that they load, that they could not be had, or that there are none. */
export function Listed(props: ListedProps) {
  return (
    <Switch>
      <Match when={props.list.nodes().length > 0}>
        {props.children}
        <LoadMore what={props.what} list={props.list} />
      </Match>
      <Match when={props.list.loading()}>
        <SkeletonRows
          rows={props.guess}
          tall={props.tall}
          tallWhenNarrow={props.tallWhenNarrow}
          headed={props.headed}
        />
      </Match>
      <Match when={props.list.error()}>
        {(error) => <Problem onRetry={props.list.refetch}>{problemText(error())}</Problem>}
      </Match>
      <Match when={true}>{props.empty}</Match>
    </Switch>
  );
}
