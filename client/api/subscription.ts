import type { AnyVariables, TypedDocumentNode } from '@urql/core';
import { createRequest } from '@urql/core';
import { createEffect, createSignal, on, onCleanup } from 'solid-js';
import { onEnd, pipe, subscribe } from 'wonka';
import { cached, direct } from './client.ts';
import { problemText } from './problem.ts';
import { dataEpoch, reportSessionEnded } from './socket.ts';
import { createStaleness } from './staleness.ts';

interface Handlers<Data> {
  /** Called before the first message of every start, reconnects included: what was built up is void. */
  started?: () => void;
  message?: (data: Data) => void;
}

const AGAIN_MS = 1_000;
const AGAIN_MAX_MS = 30_000;

/**
 * Follows a subscription for as long as the owner lives. After a reconnect it starts anew rather than going on,
 * because the server sends the current state first and would otherwise be read twice. When the server ends it, as it
 * does with readers too slow and with rights that are gone, the session is asked about and it is tried again; from the second
 * time in a row on, the page says so.
 */
export function createSubscription<Data extends object, Variables extends AnyVariables>(
  document: TypedDocumentNode<Data, Variables>,
  variables: () => Variables | undefined,
  handlers: Handlers<Data> & { through?: 'cache' | 'nothing' } = {},
): void {
  const client = handlers.through === 'cache' ? cached : direct;
  const [attempt, setAttempt] = createSignal(0);
  const again = (): void => void setAttempt((n) => n + 1);
  const tellStale = createStaleness();
  let pause = AGAIN_MS;

  createEffect(
    on([() => JSON.stringify(variables()), dataEpoch, attempt], () => {
      const given = variables();
      if (given === undefined) return tellStale(undefined);
      let timer: ReturnType<typeof setTimeout> | undefined;
      let left = false;
      const ended = (): void => {
        if (left || timer) return;
        reportSessionEnded();
        timer = setTimeout(again, pause);
        pause = Math.min(pause * 2, AGAIN_MAX_MS);
      };
      handlers.started?.();
      const { unsubscribe } = pipe(
        client.executeSubscription(createRequest(document, given)),
        onEnd(ended),
        subscribe(({ data, error }) => {
          if (error) {
            if (pause > AGAIN_MS) tellStale({ problem: problemText(error), retry: again });
            ended();
          } else if (data) {
            pause = AGAIN_MS;
            tellStale(undefined);
            handlers.message?.(data);
          }
        }),
      );
      onCleanup(() => {
        left = true;
        clearTimeout(timer);
        unsubscribe();
      });
    }),
  );
}
