import { createEffect, createSignal, on, onCleanup } from 'solid-js';
import type { EventList, ListChange } from '../live/event-list.ts';
import { changeList, emptyList } from '../live/event-list.ts';
import type { ListedEvent, PageRead, Source } from './event-reading.ts';
import { createEnds, createReading } from './event-reading.ts';
import { EventChangedDocument } from './generated/graphql.ts';
import { createSubscription } from './subscription.ts';

/** Changes are drawn together this often: a hundred events a second must not mean a hundred layouts. */
const DRAW_EVERY_MS = 100;
const QUEUE_MAX = 2_000;

type Change = ListChange<ListedEvent>;

interface View {
  /** Whether new events should wait behind a button rather than push down what is being read. */
  hold(): boolean;
  /** Number of rows down to the last one in sight. */
  reach(): number;
}

const add = (changes: Change[], change: Change): void => {
  if (changes.length >= QUEUE_MAX) changes.shift();
  changes.push(change);
};

/** Changes wait here to be drawn together, and until there is something that they change. */
function createDrawing(ready: () => boolean, apply: (changes: readonly Change[]) => void) {
  let queue: Change[] = [];
  /** What came since the beginning of the list was asked for, drawn or not, until it is there: the answer may not know of it. */
  let since: Change[] | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const draw = (): void => {
    clearTimeout(timer);
    timer = undefined;
    if (!ready() || queue.length === 0) return;
    const changes = queue;
    queue = [];
    apply(changes);
  };
  onCleanup(() => clearTimeout(timer));
  return {
    draw,
    push: (change: Change): void => {
      add(queue, change);
      if (since) add(since, change);
      timer ??= setTimeout(draw, DRAW_EVERY_MS);
    },
    release: (): void => {
      queue.push({ kind: 'release' });
      draw();
    },
    asked: (): void => void (since = []),
    /** Draws once more what came since it was asked. */
    answered: (): void => {
      queue = since ?? queue;
      since = undefined;
      draw();
    },
    forget: (): void => void (queue = []),
  };
}

interface Follower {
  /** From here on nothing is missed. */
  ready(): void;
  changed(event: ListedEvent, left: boolean): void;
}

/** Follows the changes of events. */
function follow(source: () => Source | undefined, follower: Follower): void {
  createSubscription(
    EventChangedDocument,
    () => {
      const from = source();
      return from && { organizationId: from.organizationId, filter: from.filter };
    },
    {
      message: ({ eventChanged: { event, left, cursor } }) => {
        // The first message has no event, and another one when what was read is not as it was.
        if (!event || !cursor) follower.ready();
        else follower.changed({ ...event, cursor }, left);
      },
    },
  );
}

/**
 * Events of an organisation, newest first, growing live. It subscribes before it asks for the first page and
 * applies what arrived in between afterwards, so nothing falls between the two.
 */
export function createLiveEvents(source: () => Source | undefined, view: View) {
  const [list, setList] = createSignal<EventList<ListedEvent>>(emptyList());
  const arrived = new Set<string>();
  const drawing = createDrawing(
    () => reading.begun(),
    (changes) => setList((before) => changes.reduce<EventList<ListedEvent>>(changeList, before)),
  );
  const take = (page: PageRead): void => {
    setList((before) => changeList(before, page));
    if (page.kind !== 'first-page') return drawing.draw();
    arrived.clear();
    drawing.answered();
  };
  const reading = createReading({ source, list, reach: () => view.reach(), asked: drawing.asked, take });
  const clear = (): void => {
    drawing.forget();
    setList(emptyList<ListedEvent>());
  };
  const restart = (): void => {
    clear();
    // Asked at once as well as when the subscription is ready: a history is worth reading without a socket.
    reading.restart();
  };
  createEffect(on(() => JSON.stringify(source()), restart));
  follow(source, {
    ready: () => void reading.ask('first-page'),
    changed: (row, left) => {
      if (left) return drawing.push({ kind: 'left', id: row.id });
      if (!list().rows.some(({ id }) => id === row.id)) arrived.add(row.id);
      drawing.push({ kind: 'event', row, hold: view.hold() });
    },
  });

  return {
    list,
    status: reading.status,
    /** Why the list is not there, a sentence. */
    problem: () => reading.failed()['first-page'],
    ...createEnds(reading, list),
    /** Whether a row came while the list was open, and so deserves a glance: true once. */
    arrivedLive: (id: string): boolean => arrived.delete(id),
    /** Shows what was held; where the newest had been let go, the list begins anew. */
    release: (): void => {
      if (list().newer === null) return drawing.release();
      clear();
      reading.reload();
    },
    retry: reading.reload,
  };
}

export type LiveEvents = ReturnType<typeof createLiveEvents>;
