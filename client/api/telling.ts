import type { Exchange, OperationResult } from '@urql/core';
import { fromArray, mergeMap, pipe, tap } from 'wonka';
import type { ConnectionChangedSubscription } from './generated/graphql.ts';

/** Of whom a message tells. */
const subjectOf = ({ data }: OperationResult): string | undefined =>
  (data as ConnectionChangedSubscription | undefined)?.connectionChanged.subject.id;

/**
 * What was told while an answer was on its way may be newer than the answer, which would take its place in the cache: it is
 * told once more after it. Where the answer was the newer one, what it knows is on its way to be told as well.
 */
export const tellAgain: Exchange =
  ({ forward }) =>
  (operations) => {
    /** The keys of the questions that are on their way, with what was told meanwhile, the last of each app or agent. */
    const asked = new Map<number, Map<string, OperationResult>>();
    return pipe(
      operations,
      tap(({ kind, key }) => {
        if (kind === 'query' || kind === 'mutation') asked.set(key, new Map());
        else if (kind === 'teardown') asked.delete(key);
      }),
      forward,
      mergeMap((result) => {
        const { kind, key } = result.operation;
        const subject = kind === 'subscription' ? subjectOf(result) : undefined;
        if (subject) for (const told of asked.values()) told.set(subject, result);
        const again = asked.get(key)?.values() ?? [];
        asked.delete(key);
        return fromArray([result, ...again]);
      }),
    );
  };
