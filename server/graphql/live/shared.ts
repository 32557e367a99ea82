import { randomUUID } from 'node:crypto';
import type { DocumentNode, ExecutionArgs, ExecutionResult } from 'graphql';
import type { subscribe as graphqlSubscribe } from 'graphql';
import { createSourceEventStream, execute } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { Context, Reads } from '../context.ts';
import type { Items } from './feed.ts';
import type { Message, Sink } from './sink.ts';
import { messageOf } from './sink.ts';

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

/** What one subscription shares with all who see the same. */
export interface Tell {
  sink: Sink;
  /**
   * The message that says what `root` is to this subscription, made once for all; null: there is nothing to say, or not
   * in this way. Whoever asks for several gets them in the order asked for.
   */
  message(about: object, root: () => Promise<object | null>, reads: () => Reads): Promise<Message | null>;
}

/** Lets what is asked for under one key come in the order it was asked for, though it be read at the same time. */
function createOrder() {
  const latest = new Map<string, Promise<unknown>>();
  return <T>(key: string, made: Promise<T>): Promise<T> => {
    const before = latest.get(key);
    const ordered = before ? before.then(() => made) : made;
    const settled = ordered.then(
      () => undefined,
      () => undefined,
    );
    latest.set(key, settled);
    void settled.then(() => latest.get(key) === settled && latest.delete(key));
    return ordered;
  };
}

/**
 * Resolves what is marked as shared once for all subscribers who see the same of it. Whatever else a feed gives is
 * resolved for its one subscriber.
 */
export function sharedResults(): Plugin {
  const documentKey = createDocumentKeys();
  const made = new WeakMap<object, Map<string, Made>>();
  const messages = new WeakMap<object, Map<string, Promise<Message | null>>>();
  const inOrder = createOrder();

  function resultOf(args: ExecutionArgs, key: string, root: unknown): Made {
    if (!isShared(root)) return execute({ ...args, rootValue: root });
    let results = made.get(root);
    if (!results) made.set(root, (results = new Map<string, Made>()));
    let result = results.get(key);
    if (!result) results.set(key, (result = execute({ ...args, rootValue: root })));
    return result;
  }

  async function messageFor(args: ExecutionArgs, key: string, root: object): Promise<Message | null> {
    const result = await resultOf(args, key, root);
    // Errors are masked on the ordinary way, and only there.
    return result.errors ? null : messageOf(result);
  }

  function tellOf(args: ExecutionArgs, key: string): Tell | null {
    const context = args.contextValue as Context;
    const { sink } = context.transport;
    if (!sink) return null;
    return {
      sink,
      message(about, root, reads) {
        let known = messages.get(about);
        if (!known) messages.set(about, (known = new Map<string, Promise<Message | null>>()));
        let message = known.get(key);
        if (!message) {
          const make = (found: object) =>
            messageFor({ ...args, contextValue: { ...context, ...reads() } }, key, found);
          message = inOrder(
            key,
            root().then((found) => found && make(found)),
          );
          known.set(key, message);
        }
        return message;
      },
    };
  }

  async function subscribe(args: ExecutionArgs): Promise<Results | ExecutionResult> {
    const key = keyOf(args, documentKey(args.document));
    (args.contextValue as Context).tell = tellOf(args, key);
    const source = await createSourceEventStream(args);
    if (!(Symbol.asyncIterator in source)) return source;
    const roots = source[Symbol.asyncIterator]() as AsyncIterator<unknown> & Partial<Items<unknown>>;
    /** Null when in the end there is nothing to tell. */
    async function resolved(first: unknown): Promise<ExecutionResult | null> {
      let root: unknown = first;
      for (;;) {
        const result = await resultOf(args, key, root);
        const renewed = roots.renewed?.();
        if (renewed === undefined) return result;
        root = await renewed;
        if (root === null) return null;
      }
    }
    const results: Results = {
      async next() {
        for (;;) {
          const root = await roots.next();
          if (root.done) return { value: undefined, done: true };
          const value = await resolved(root.value);
          if (value) return { value, done: false };
        }
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
