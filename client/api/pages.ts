import type { AnyVariables, TypedDocumentNode } from '@urql/core';
import type { Accessor } from 'solid-js';
import { createEffect, createMemo, createSignal, mapArray, on } from 'solid-js';
import type { Query } from './query.ts';
import { createQuery } from './query.ts';

interface Connection<Node> {
  edges: { node: Node }[];
  pageInfo: { hasNextPage: boolean; endCursor?: string | null };
}

/**
 * A keyset-paged list whose pages all stay live in the cache; `more` appends the next page. Each page begins where the one
 * before it ends now, so that what comes or goes between them is neither left out nor shown twice.
 *
 * @param variables undefined means "not yet"
 */
export function createPages<Data extends object, Variables extends AnyVariables & { after?: unknown }, Node>(
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
  const asked = () => pages().filter((_, index) => begin(index) !== undefined);
  const loadingMore = () => asked().length > 1 && asked().some((page) => page.loading);
  const read = createMemo(() => ({
    key: key(),
    nodes: asked().flatMap((_, index) => connection(index)?.edges.map(({ node }) => node) ?? []),
    whole: !loadingMore(),
  }));
  // While a later page is read anew, what was shown of it stays.
  const shown = createMemo<ReturnType<typeof read>>((before) => {
    const now = read();
    const shrinks = before !== undefined && before.key === now.key && now.nodes.length < before.nodes.length;
    return shrinks && !now.whole ? before : now;
  });
  const nodes: Accessor<Node[]> = () => shown().nodes;
  const last = () => connection(asked().length - 1)?.pageInfo;

  return {
    nodes,
    error: () => asked().find((page) => page.error)?.error,
    loading: () => pages()[0]?.loading ?? true,
    loadingMore,
    hasMore: () => last()?.hasNextPage ?? loadingMore(),
    more: () => {
      if (last()?.hasNextPage) setCount(asked().length + 1);
    },
    refetch: () => {
      for (const page of asked()) page.refetch();
    },
  };
}
