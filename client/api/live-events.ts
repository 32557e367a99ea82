import { createRequest } from '@urql/core';
import { batch, createEffect, createSignal, on, onCleanup } from 'solid-js';
import type { EventList, ListChange } from '../live/event-list.ts';
import { changeList, emptyList } from '../live/event-list.ts';
import { direct } from './client.ts';
import type { EventFilter, EventRowFragment } from './generated/graphql.ts';
import { EventChangedDocument, EventsDocument } from './generated/graphql.ts';
import { noticeUnauthenticated, problemText } from './problem.ts';
import { createSubscription } from './subscription.ts';

/** Changes are drawn together this often: a hundred events a second must not mean a hundred layouts. */
const DRAW_EVERY_MS = 100;
const QUEUE_MAX = 2_000;
/** The API's own limit. */
const PAGE_MAX = 100;

export type ListedEvent = EventRowFragment & { cursor: string };

type Change = ListChange<ListedEvent>;

interface Source {
  org: string;
  organizationId: string;
  filter: EventFilter;
  first: number;
}

interface View {
  /** Whether new events should wait behind a button rather than push down what is being read. */
  hold(): boolean;
  /** Number of rows down to the last one in sight. */
  reach(): number;
}

type End = 'older-page' | 'newer-page';

/** Which rows of the list are asked for: its beginning, or those beyond one of its ends. */
type Part = 'first-page' | End;

/**
 * Events of an organisation, newest first, growing live. It subscribes before it asks for the first page and
 * applies what arrived in between afterwards, so nothing falls between the two.
 *
 */
export function createLiveEvents(source: () => Source | undefined, view: View) {
  const [list, setList] = createSignal<EventList<ListedEvent>>(emptyList());
  const [status, setStatus] = createSignal<'loading' | 'ready' | 'failed'>('loading');
  /** Why a part is not there or not as it is now, a sentence. */
  const [failed, setFailed] = createSignal<{ [part in Part]?: string | undefined }>({});
  const [loadingMore, setLoadingMore] = createSignal<End>();
  const [subscriptionProblem, setSubscriptionProblem] = createSignal<string>();
  let queue: Change[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;
  let asked = 0;
  let firstPage = false;
  const arrived = new Set<string>();

  const draw = (): void => {
    timer = undefined;
    if (!firstPage || queue.length === 0) return;
    const changes = queue;
    queue = [];
    setList((before) => changes.reduce<EventList<ListedEvent>>(changeList, before));
  };
  const push = (change: Change): void => {
    if (queue.length >= QUEUE_MAX) queue.shift();
    queue.push(change);
    timer ??= setTimeout(draw, DRAW_EVERY_MS);
  };
  const range = (part: Part, first: number) => {
    const { older, newer } = list();
    if (part === 'older-page') return { first: PAGE_MAX, after: older };
    if (part === 'newer-page') return { last: PAGE_MAX, before: newer };
    return { first };
  };
  /** As many rows as are wanted, page by page; undefined when another question has taken this one's place. */
  const read = async (part: Part, from: Source, wanted: number, mine: number) => {
    const rows: ListedEvent[] = [];
    let next: { first?: number; after?: string | null } = range(part, from.first);
    for (;;) {
      const request = createRequest(EventsDocument, { org: from.org, filter: from.filter, ...next });
      const { data, error } = await direct.executeQuery(request).toPromise();
      if (mine !== asked) return undefined;
      noticeUnauthenticated(error);
      const events = data?.organization?.events;
      if (!events) return { error };
      rows.push(...events.edges.map(({ node, cursor }) => ({ ...node, cursor })));
      const { hasNextPage, hasPreviousPage } = events.pageInfo;
      const hasMore = part === 'newer-page' ? hasPreviousPage : hasNextPage;
      if (!hasMore || rows.length >= wanted) return { rows, hasMore };
      next = { first: PAGE_MAX, after: rows.at(-1)?.cursor ?? null };
    }
  };
  const ask = async (part: Part): Promise<void> => {
    const from = source();
    if (!from) return;
    const mine = part === 'first-page' ? ++asked : asked;
    // What is being looked at stays when the list is read anew after a reconnect.
    const wanted = part === 'first-page' && firstPage ? view.reach() : 0;
    const answer = await read(part, from, wanted, mine);
    if (!answer) return;
    batch(() => {
      if (!answer.rows) {
        setFailed((before) => ({ ...before, [part]: problemText(answer.error) }));
        return void (firstPage || setStatus('failed'));
      }
      if (part === 'first-page') {
        arrived.clear();
        setFailed({});
      }
      firstPage = true;
      setList((before) => changeList(before, { kind: part, rows: answer.rows, hasMore: answer.hasMore }));
      draw();
      setStatus('ready');
    });
  };
  const askMore = async (part: End): Promise<void> => {
    if (loadingMore()) return;
    batch(() => {
      setLoadingMore(part);
      setFailed((before) => ({ ...before, [part]: undefined }));
    });
    await ask(part);
    setLoadingMore(undefined);
  };
  /** What lies beyond an end of the list. */
  const beyond = (part: End) => ({
    hasMore: () => list()[part === 'older-page' ? 'older' : 'newer'] !== null,
    loadingMore: () => loadingMore() === part,
    moreProblem: () => failed()[part],
    more: () => void askMore(part),
  });

  const key = (): string => JSON.stringify(source());
  createEffect(
    on(key, () => {
      asked += 1;
      firstPage = false;
      queue = [];
      setStatus('loading');
      setFailed({});
      setList(emptyList<ListedEvent>());
      // Asked at once as well as when the subscription is ready: a history is worth reading without a socket.
      void ask('first-page');
    }),
  );
  createSubscription(
    EventChangedDocument,
    () => {
      const from = source();
      return from && { organizationId: from.organizationId, filter: from.filter };
    },
    {
      started: () => void setSubscriptionProblem(undefined),
      failed: (message) => void setSubscriptionProblem(message),
      message: ({ eventChanged: { event, left, cursor } }) => {
        // The first message has no event: from here on nothing is missed.
        if (!event || !cursor) return void ask('first-page');
        if (left) return push({ kind: 'left', id: event.id });
        if (!list().rows.some(({ id }) => id === event.id)) arrived.add(event.id);
        push({ kind: 'event', row: { ...event, cursor }, hold: view.hold() });
      },
    },
  );
  onCleanup(() => {
    clearTimeout(timer);
    asked += 1;
  });

  return {
    list,
    status,
    /** Why the list is not there, or perhaps not as it is now, a sentence. */
    problem: () => failed()['first-page'] ?? subscriptionProblem(),
    older: beyond('older-page'),
    newer: beyond('newer-page'),
    /** Whether a row came while the list was open, and so deserves a glance: true once. */
    arrivedLive: (id: string): boolean => arrived.delete(id),
    /** Shows what was held; where the newest had been let go, the list begins anew. */
    release: () => {
      if (list().newer !== null) {
        setList(emptyList<ListedEvent>());
        setStatus('loading');
        return void ask('first-page');
      }
      queue.push({ kind: 'release' });
      clearTimeout(timer);
      draw();
    },
    retry: () => {
      if (!firstPage) setStatus('loading');
      void ask('first-page');
    },
  };
}

export type LiveEvents = ReturnType<typeof createLiveEvents>;
