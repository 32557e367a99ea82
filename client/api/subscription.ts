import type { AnyVariables, TypedDocumentNode } from '@urql/core';
import { createRequest } from '@urql/core';
import { createEffect, on, onCleanup } from 'solid-js';
import { pipe, subscribe } from 'wonka';
import { cached, direct } from './client.ts';
import { noticeUnauthenticated } from './problem.ts';
import { dataEpoch } from './socket.ts';

interface Handlers<Data> {
  /** Called before the first message of every start, reconnects included: what was built up is void. */
  started?: () => void;
  message?: (data: Data) => void;
  failed?: (message: string) => void;
}

/**
 * Follows a subscription for as long as the owner lives. After a reconnect it starts anew rather than going on,
 * because the server sends the current state first and would otherwise be read twice.
 */
export function createSubscription<Data extends object, Variables extends AnyVariables>(
  document: TypedDocumentNode<Data, Variables>,
  variables: () => Variables | undefined,
  handlers: Handlers<Data> & { through?: 'cache' | 'nothing' } = {},
): void {
  const client = handlers.through === 'cache' ? cached : direct;
  createEffect(
    on([() => JSON.stringify(variables()), dataEpoch], () => {
      const given = variables();
      if (given === undefined) return;
      handlers.started?.();
      const { unsubscribe } = pipe(
        client.executeSubscription(createRequest(document, given)),
        subscribe(({ data, error }) => {
          noticeUnauthenticated(error);
          if (error) handlers.failed?.(error.message);
          else if (data) handlers.message?.(data);
        }),
      );
      onCleanup(unsubscribe);
    }),
  );
}
