import type { AnyVariables, CombinedError, TypedDocumentNode } from '@urql/core';
import { createRequest } from '@urql/core';
import { batch, createEffect, createSignal, on, onCleanup } from 'solid-js';
import { createStore, reconcile } from 'solid-js/store';
import { pipe, subscribe } from 'wonka';
import { cached } from './client.ts';
import { noticeUnauthenticated } from './problem.ts';
import { dataEpoch } from './socket.ts';

export interface Query<Data> {
  /** The latest answer; stays while a newer one is on its way. */
  readonly data: Data | undefined;
  readonly error: CombinedError | undefined;
  /** No answer yet, neither data nor an error. */
  readonly loading: boolean;
  refetch(): void;
  /** Asks again after a failure, as if for the first time. */
  retry(): void;
}

/**
 * Runs a query through the normalised cache and follows it. The answer is copied into a store of its own: a
 * store that reconciled the cache's own objects would write into the cache.
 *
 * @param variables undefined means "not yet".
 */
export function createQuery<Data extends object, Variables extends AnyVariables>(
  document: TypedDocumentNode<Data, Variables>,
  variables: () => Variables | undefined,
): Query<Data> {
  const [state, setState] = createStore<{ data?: Data; error?: CombinedError; loading: boolean }>({
    loading: true,
  });
  const [attempt, setAttempt] = createSignal(0);
  let shown = '';

  createEffect(
    on([() => JSON.stringify(variables()), attempt, dataEpoch], ([key]) => {
      const given = variables();
      if (key !== shown) setState({ data: undefined, error: undefined, loading: true });
      shown = key ?? '';
      if (given === undefined) return;
      const request = createRequest(document, given);
      const { unsubscribe } = pipe(
        cached.executeQuery(request, { requestPolicy: 'cache-and-network' }),
        subscribe(({ data, error }) =>
          batch(() => {
            if (data != null) setState('data', reconcile(structuredClone(data) as never, { key: 'id' }));
            setState({ error, loading: false });
            noticeUnauthenticated(error);
          }),
        ),
      );
      onCleanup(unsubscribe);
    }),
  );

  const refetch = (): void => void setAttempt((n) => n + 1);
  return {
    get data() {
      return state.data;
    },
    get error() {
      return state.error;
    },
    get loading() {
      return state.loading;
    },
    refetch,
    retry: () => {
      setState({ error: undefined, loading: state.data === undefined });
      refetch();
    },
  };
}
