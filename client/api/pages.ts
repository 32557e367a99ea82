import type { AnyVariables, TypedDocumentNode } from '@urql/core';
import type { Accessor } from 'solid-js';
import { createEffect, createMemo, createSignal, mapArray, on } from 'solid-js';
import { createQuery } from './query.ts';

interface Connection<Node> {
  edges: { node: Node }[];
  pageInfo: { hasNextPage: boolean; endCursor?: string | null };
}

/** A keyset-paged list whose pages all stay live in the cache; `more` appends the next page. */
export function createPages<Data extends object, Variables extends AnyVariables & { after?: unknown }, Node>(
  document: TypedDocumentNode<Data, Variables>,
  variables: () => Omit<Variables, 'after'>,
  pick: (data: Data) => Connection<Node> | undefined,
) {
  const [cursors, setCursors] = createSignal<(string | null)[]>([null]);
  const key = createMemo(() => JSON.stringify(variables()));
  createEffect(on(key, () => setCursors([null]), { defer: true }));

  const pages = createMemo(
    mapArray(cursors, (after) =>
      createQuery(document, () => ({ ...variables(), after }) as unknown as Variables),
    ),
  );
  const connections = createMemo(() => pages().map((page) => (page.data ? pick(page.data) : undefined)));
  const last = () => connections().at(-1)?.pageInfo;
  const nodes: Accessor<Node[]> = createMemo(() =>
    connections().flatMap((c) => c?.edges.map(({ node }) => node) ?? []),
  );

  return {
    nodes,
    error: () => pages().find((page) => page.error)?.error,
    loading: () => pages()[0]?.loading ?? true,
    loadingMore: () => pages().length > 1 && (pages().at(-1)?.loading ?? false),
    hasMore: () => last()?.hasNextPage ?? false,
    more: () => {
      const next = last()?.endCursor;
      if (next) setCursors((all) => (all.includes(next) ? all : [...all, next]));
    },
    refetch: () => {
      for (const page of pages()) page.refetch();
    },
  };
}
