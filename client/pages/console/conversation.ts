import { useSearchParams } from '@solidjs/router';
import { batch, createEffect, createSignal, on, onCleanup } from 'solid-js';
import { EventsDocument, SendTestEventDocument } from '../../api/generated/graphql.ts';
import type { Failure } from '../../api/mutate.ts';
import { mutate } from '../../api/mutate.ts';
import { createQuery } from '../../api/query.ts';
import { useOrganization } from '../../api/session.tsx';
import type { Party } from './parties.ts';

/** How much of a conversation is shown when it is come back to. */
const TURNS = 20;

/** Who talks to whom in which thread; lives in the address. */
export function useConversationPlace() {
  const [query, setQuery] = useSearchParams<{ agent: string; app: string; thread: string }>();
  const move = (change: Partial<typeof query>): void => setQuery(change, { replace: true, scroll: false });
  return { query, move };
}

type Place = ReturnType<typeof useConversationPlace>['query'];

const keyOf = ({ agent, app, thread }: Place): string => JSON.stringify([agent, app, thread]);

/** What was said between an app and an agent in one thread, and what is said next. */
export function createConversation(
  { query, move }: ReturnType<typeof useConversationPlace>,
  agent: () => Party | undefined,
  app: () => Party | undefined,
) {
  const organization = useOrganization();
  const [turns, setTurns] = createSignal<string[]>([]);
  const [sending, setSending] = createSignal<string>();
  const said = new Map<string, string>();
  /** Rises with every conversation that begins, and when the page is left: an answer is for the one it was sent in. */
  let current = 0;
  onCleanup(() => (current += 1));
  // Only a thread that was in the address is read; one that began here is known.
  const [read, setRead] = createSignal(query.thread);
  const before = createQuery(EventsDocument, () => {
    const [threadId, appId, agentId] = [read(), app()?.id, agent()?.id];
    if (!threadId || !appId || !agentId) return undefined;
    return { org: organization().slug, filter: { threadId, appId, agentId }, first: TURNS };
  });
  const begin = (thread?: string): void => {
    current += 1;
    batch(() => {
      setRead(thread);
      setTurns([]);
      setSending(undefined);
    });
  };
  /** Where this conversation is. */
  let here = keyOf(query);
  const go = (change: Partial<Place>): void => {
    here = keyOf({ ...query, ...change });
    move(change);
  };
  // An address that a link or the browser's history led to is another conversation.
  createEffect(
    on(
      () => keyOf(query),
      (now) => {
        if (now === here) return;
        here = now;
        begin(query.thread);
      },
      { defer: true },
    ),
  );
  createEffect(
    on(
      () => before.data?.organization?.events.edges,
      (edges) => {
        if (!edges) return;
        const known = edges.map(({ node }) => node.eventId).reverse();
        setTurns((all) => [...new Set([...known, ...all])]);
      },
    ),
  );
  return {
    /** Ids of the events, oldest first. */
    turns,
    /** The payload that is on its way. */
    sending,
    /** The payload of an event that was sent from here. */
    saidIn: (eventId: string): string | undefined => said.get(eventId),
    /** Whether what was said before is known. */
    known: () => !read() || before.data !== undefined,
    error: () => before.error,
    refetch: () => before.refetch(),
    begin: (change: { agent?: string; app?: string }): void => {
      begin();
      go({ ...change, thread: undefined });
    },
    send: async (payload: string): Promise<Failure | undefined> => {
      const [to, from] = [agent(), app()];
      if (!to || !from) return undefined;
      const thread = query.thread ? { threadId: query.thread } : {};
      const input = { agentId: to.id, appId: from.id, payload, ...thread };
      const mine = current;
      setSending(payload);
      const { ok, failure } = await mutate(SendTestEventDocument, { input });
      if (mine !== current) return failure;
      batch(() => {
        setSending(undefined);
        if (!ok) return;
        said.set(ok.event.eventId, payload);
        setTurns((all) => [...all, ok.event.eventId]);
      });
      if (!ok) return failure;
      go({ agent: to.id, app: from.id, thread: ok.event.threadId });
      return undefined;
    },
  };
}

export type Conversation = ReturnType<typeof createConversation>;
