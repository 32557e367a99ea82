import type { AnyVariables, CombinedError, OperationResult, TypedDocumentNode } from '@urql/core';
import { createRequest } from '@urql/core';
import { batch, createEffect, createSignal, on, onCleanup } from 'solid-js';
import { createStore, reconcile } from 'solid-js/store';
import { pipe, subscribe } from 'wonka';
import { cached } from './client.ts';
import { noticeUnauthenticated, problemText } from './problem.ts';
import { dataEpoch } from './socket.ts';
import { createPersistence } from './staleness.ts';

export interface Query<Data> {
  /** The latest answer; stays while a newer one is on its way. */
  readonly data: Data | undefined;
  readonly error: CombinedError | undefined;
  /** No answer yet, neither data nor an error. */
  readonly loading: boolean;
  refetch(): void;
  /** Asks again unless an answer is on its way; for what is asked by the clock. */
  refresh(): void;
  /** Asks again after a failure, as if for the first time. */
  retry(): void;
}

/** An answer that takes longer than this is not waited for when it is asked by the clock. */
const SLOW_MS = 30_000;

/** Whether the cache answered, which says nothing about the server. */
const fromCache = ({ operation }: OperationResult): boolean =>
  ['hit', 'partial'].includes(operation.context.meta?.cacheOutcome ?? '');

/**
 * Runs a query through the normalised cache and follows it. The answer is copied into a store of its own: a
 * store that reconciled the cache's own objects would write into the cache. What is shown and could not be read anew is asked
 * for until it comes.
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
  /** Whether there is something that is shown. */
  let there = false;
  /** When it was asked for what is on its way, ms since the epoch. */
  let asked: number | undefined;
  const refetch = (): void => void setAttempt((n) => n + 1);
  const persistence = createPersistence(refetch);
  const came = (result: OperationResult): void => {
    if (fromCache(result)) return;
    asked = undefined;
    if (result.error && there) persistence.failed(problemText(result.error));
    else persistence.succeeded();
  };

  createEffect(
    on([() => JSON.stringify(variables()), attempt, dataEpoch], ([key]) => {
      const given = variables();
      asked = undefined;
      persistence.pause();
      if (key !== shown) {
        setState({ data: undefined, error: undefined, loading: true });
        persistence.succeeded();
        there = false;
      }
      shown = key ?? '';
      if (given === undefined) return;
      asked = Date.now();
      const request = createRequest(document, given);
      const { unsubscribe } = pipe(
        cached.executeQuery(request, { requestPolicy: 'cache-and-network' }),
        subscribe((result) =>
          batch(() => {
            const { data, error } = result;
            if (data != null) setState('data', reconcile(structuredClone(data) as never, { key: 'id' }));
            there ||= data != null;
            setState({ error, loading: false });
            noticeUnauthenticated(error);
            came(result);
          }),
        ),
      );
      onCleanup(unsubscribe);
    }),
  );

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
    refresh: () => {
      if (asked === undefined || Date.now() - asked > SLOW_MS) refetch();
    },
    retry: () => {
      setState({ error: undefined, loading: state.data === undefined });
      refetch();
    },
  };
}
