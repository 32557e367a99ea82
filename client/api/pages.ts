import type { AnyVariables, TypedDocumentNode } from '@urql/core';
import { createEffect, createMemo, createSignal, mapArray, on } from 'solid-js';
import { problemText } from './problem.ts';
import type { Query } from './query.ts';
import { createQuery } from './query.ts';

interface Connection<Node> {
  edges: { node: Node }[];
  pageInfo: { hasNextPage: boolean; endCursor?: string | null };
}

/** Pages that were read at different times may overlap. */
function eachOnce<Node extends { id: string }>(nodes: Node[]): Node[] {
  const ids = new Set<string>();
  return nodes.filter(({ id }) => ids.size < ids.add(id).size);
}

/** The pages that have been asked for, each beginning where the one before it ends now. */
function createChain<Data extends object, Variables extends AnyVariables, Node>(
  document: TypedDocumentNode<Data, Variables>,
  variables: () => Omit<Variables, 'after'> | undefined,
  pick: (data: Data) => Connection<Node> | undefined,
) {
  const [count, setCount] = createSignal(1);
  const key = createMemo(() => JSON.stringify(variables()));
  createEffect(on(key, () => setCount(1), { defer: true }));

  const queries: Query<Data>[] = [];
  const connection = (index: number): Connection<Node> | undefined => {
    const data = queries[index]?.data;
    return data && pick(data);
  };
  /** Where a page begins; undefined while that is not known, and when there is no such page any more. */
  const begin = (index: number): string | null | undefined => {
    if (index === 0) return null;
    const before = connection(index - 1)?.pageInfo;
    return before?.hasNextPage ? before.endCursor : undefined;
  };
  const pages = createMemo(
    mapArray(
      () => Array.from({ length: count() }, (_, index) => index),
      (index) =>
        (queries[index] = createQuery(document, () => {
          const [given, after] = [variables(), begin(index)];
          return given && after !== undefined ? ({ ...given, after } as unknown as Variables) : undefined;
        })),
    ),
  );
  return {
    key,
    connection,
    first: () => pages()[0],
    asked: () => pages().filter((_, index) => begin(index) !== undefined),
    setCount,
  };
}

/**
 * A keyset-paged list whose pages all stay live in the cache; `more` appends the next page. Each page begins where the one
 * before it ends now, so that what comes or goes between them is neither left out nor shown twice. A further page that does
 * not come leaves the rows as they are.
 *
 * @param variables undefined means "not yet"
 */
export function createPages<
  Data extends object,
  Variables extends AnyVariables & { after?: unknown },
  Node extends { id: string },
>(
  document: TypedDocumentNode<Data, Variables>,
  variables: () => Omit<Variables, 'after'> | undefined,
  pick: (data: Data) => Connection<Node> | undefined,
) {
  const { key, connection, first, asked, setCount } = createChain(document, variables, pick);
  const last = () => connection(asked().length - 1)?.pageInfo;
  /** The further page that is not there, or not yet; those behind it cannot be asked for. */
  const missing = () => (asked().length > 1 && !last() ? asked().at(-1) : undefined);
  const shown = createMemo<{ key: string; pages: Node[][] }>((before) => {
    const there = asked().flatMap((_, index) => connection(index) ?? []);
    const pages = there.map(({ edges }) => edges.map(({ node }) => node));
    // What was shown of the pages that are missing stays until they are there.
    const kept = missing() && before?.key === key() ? before.pages.slice(pages.length) : [];
    return { key: key(), pages: [...pages, ...kept] };
  });
  const nodes = createMemo(() => eachOnce(shown().pages.flat()));

  return {
    nodes,
    /** Why the first page is not there, or not as it is now. */
    error: () => first()?.error,
    loading: () => first()?.loading ?? true,
    loadingMore: () => missing()?.loading ?? false,
    /** Why the further page that was asked for is not there, a sentence. */
    moreProblem: () => {
      const error = missing()?.error;
      return error && problemText(error);
    },
    hasMore: () => last()?.hasNextPage ?? missing() !== undefined,
    /** Asks for a further page, or again for the one that did not come. */
    more: () => {
      if (last()?.hasNextPage) setCount(asked().length + 1);
      else if (missing()?.error) missing()?.retry();
    },
    refetch: () => {
      for (const page of asked()) page.refetch();
    },
    refresh: () => {
      for (const page of asked()) page.refresh();
    },
  };
}
