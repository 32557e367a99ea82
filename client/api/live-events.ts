import type { CombinedError } from '@urql/core';
import { createRequest } from '@urql/core';
import { batch, createEffect, createSignal, on, onCleanup } from 'solid-js';
import { createStore, reconcile } from 'solid-js/store';
import type { EventList, ListChange } from '../live/event-list.ts';
import { changeList, emptyList } from '../live/event-list.ts';
import { direct } from './client.ts';
import type { EventFilter, EventRowFragment } from './generated/graphql.ts';
import { EventChangedDocument, EventsDocument } from './generated/graphql.ts';
import { noticeUnauthenticated } from './problem.ts';
import { createSubscription } from './subscription.ts';

/** Changes are drawn together this often: a hundred events a second must not mean a hundred layouts. */
const DRAW_EVERY_MS = 100;
const QUEUE_MAX = 2_000;
/** The API's own limit. */
const PAGE_MAX = 100;

interface Source {
  org: string;
  organizationId: string;
  filter: EventFilter;
  first: number;
}

/**
 * Events of an organisation, newest first, growing live. It subscribes before it asks for the first page and
 * applies what arrived in between afterwards, so nothing falls between the two.
 *
 * @param hold whether new events should wait behind a button, because the reader is further down.
 */
export function createLiveEvents(source: () => Source | undefined, hold: () => boolean) {
  const [list, setList] = createStore<EventList<EventRowFragment>>(emptyList());
  const [status, setStatus] = createSignal<'loading' | 'ready' | 'failed'>('loading');
  const [problem, setProblem] = createSignal<CombinedError>();
  const [loadingMore, setLoadingMore] = createSignal(false);
  const [subscriptionProblem, setSubscriptionProblem] = createSignal<string>();
  let state = emptyList<EventRowFragment>();
  let queue: ListChange<EventRowFragment>[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;
  let asked = 0;
  let firstPage = false;
  const arrived = new Set<string>();

  const show = (next: EventList<EventRowFragment>): void => {
    state = next;
    setList(reconcile(structuredClone(next), { key: 'id' }));
  };
  const draw = (): void => {
    timer = undefined;
    if (!firstPage) return;
    const changes = queue;
    queue = [];
    show(changes.reduce<EventList<EventRowFragment>>(changeList, state));
  };
  const push = (change: ListChange<EventRowFragment>): void => {
    if (queue.length >= QUEUE_MAX) queue.shift();
    queue.push(change);
    timer ??= setTimeout(draw, DRAW_EVERY_MS);
  };
  const ask = async (after: string | null): Promise<void> => {
    const from = source();
    if (!from) return;
    const mine = after === null ? ++asked : asked;
    const { org, filter } = from;
    // What had been loaded stays loaded when the list is read anew after a reconnect.
    const first = after === null ? Math.min(PAGE_MAX, Math.max(from.first, state.rows.length)) : from.first;
    const request = createRequest(EventsDocument, { org, filter, first, after });
    const { data, error } = await direct.executeQuery(request).toPromise();
    // A later question, or another filter, has taken this answer's place.
    if (mine !== asked) return;
    noticeUnauthenticated(error);
    const events = data?.organization?.events;
    if (!events) {
      batch(() => {
        setProblem(error);
        if (!firstPage) setStatus('failed');
      });
      return;
    }
    if (after === null) arrived.clear();
    const kind = after === null ? 'first-page' : 'next-page';
    const rows = events.edges.map(({ node }) => node);
    firstPage = true;
    batch(() => {
      show(
        changeList(state, {
          kind,
          rows,
          ...events.pageInfo,
          hasMore: events.pageInfo.hasNextPage,
          endCursor: events.pageInfo.endCursor ?? null,
        }),
      );
      draw();
      setProblem(undefined);
      setStatus('ready');
    });
  };

  const key = (): string => JSON.stringify(source());
  createEffect(
    on(key, () => {
      asked += 1;
      firstPage = false;
      queue = [];
      setStatus('loading');
      setProblem(undefined);
      show(emptyList());
      // Asked at once as well as when the subscription is ready: a history is worth reading without a socket.
      void ask(null);
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
      message: ({ eventChanged: { event, left } }) => {
        // The first message has no event: from here on nothing is missed.
        if (!event) return void ask(null);
        if (!left && !state.rows.some(({ id }) => id === event.id)) arrived.add(event.id);
        push(left ? { kind: 'left', id: event.id } : { kind: 'event', row: event, hold: hold() });
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
    problem,
    loadingMore,
    subscriptionProblem,
    /** Whether a row came while the list was open, and so deserves a glance. */
    arrivedLive: (id: string): boolean => arrived.has(id),
    release: () => {
      queue.push({ kind: 'release' });
      clearTimeout(timer);
      draw();
    },
    retry: () => {
      setStatus('loading');
      void ask(null);
    },
    more: async () => {
      setLoadingMore(true);
      await ask(state.endCursor);
      setLoadingMore(false);
    },
  };
}
