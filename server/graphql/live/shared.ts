import { randomUUID } from 'node:crypto';
import type { DocumentNode, ExecutionArgs, ExecutionResult } from 'graphql';
import type { subscribe as graphqlSubscribe } from 'graphql';
import { createSourceEventStream, execute } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { Context } from '../context.ts';

type Results = AsyncIterableIterator<ExecutionResult>;
type Made = ReturnType<typeof execute>;

/** Subscriptions of the same text are the same; a document without its text is like no other. */
function createDocumentKeys(): (document: DocumentNode) => string {
  const keys = new WeakMap<DocumentNode, string>();
  return (document) => {
    let key = keys.get(document);
    if (key === undefined) keys.set(document, (key = document.loc?.source.body ?? randomUUID()));
    return key;
  };
}

/**
 * What a change looks like depends on the document, its variables and what the caller may see, which is nothing but
 * the caller's roles. Whoever has all of these in common is shown the same.
 */
function keyOf(args: ExecutionArgs, document: string): string {
  const { caller } = args.contextValue as Context;
  const roles = [...(caller?.roles ?? [])].sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([document, args.operationName, args.variableValues, roles]);
}

/** Marks an object that never changes and is given to many subscribers. */
export const SHARED = Symbol('shared');

function isShared(root: unknown): root is object {
  return typeof root === 'object' && root !== null && SHARED in root;
}

/**
 * Resolves what is marked as shared once for all subscribers who see the same of it. Whatever else a feed gives is
 * resolved for its one subscriber.
 */
export function sharedResults(): Plugin {
  const documentKey = createDocumentKeys();
  const made = new WeakMap<object, Map<string, Made>>();

  function resultOf(args: ExecutionArgs, key: string, root: unknown): Made {
    if (!isShared(root)) return execute({ ...args, rootValue: root });
    let results = made.get(root);
    if (!results) made.set(root, (results = new Map<string, Made>()));
    let result = results.get(key);
    if (!result) results.set(key, (result = execute({ ...args, rootValue: root })));
    return result;
  }

  async function subscribe(args: ExecutionArgs): Promise<Results | ExecutionResult> {
    const source = await createSourceEventStream(args);
    if (!(Symbol.asyncIterator in source)) return source;
    const roots = source[Symbol.asyncIterator]();
    const key = keyOf(args, documentKey(args.document));
    const results: Results = {
      async next() {
        const root = await roots.next();
        if (root.done) return { value: undefined, done: true };
        return { value: await resultOf(args, key, root.value), done: false };
      },
      async return() {
        await roots.return?.();
        return { value: undefined, done: true };
      },
      [Symbol.asyncIterator]() {
        return this;
      },
    };
    return results;
  }

  return { onSubscribe: ({ setSubscribeFn }) => setSubscribeFn(subscribe as typeof graphqlSubscribe) };
}
