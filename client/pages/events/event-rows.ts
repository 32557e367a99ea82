import { createEffect, createMemo, createSignal, on, onCleanup, untrack } from 'solid-js';
import type { LiveEvents } from '../../api/live-events.ts';
import { createLiveEvents } from '../../api/live-events.ts';
import { useOrganization } from '../../api/session.tsx';
import { pushed } from '../../live/event-list.ts';
import type { Paged } from '../../ui/table.tsx';
import { createSlide } from '../../ui/slide.ts';
import type { RowWindow } from '../../ui/window.ts';
import { createRowWindow } from '../../ui/window.ts';
import type { EventTableProps } from './event-table.tsx';

const SCROLLED_PX = 240;
/** The next page is asked for while there are still this many rows to scroll through. */
const AHEAD = 40;

/** The events of a table, and which of them are drawn. */
export function createEventRows(props: EventTableProps, body: () => HTMLElement | undefined) {
  const organization = useOrganization();
  const pointer = createPointer();
  const still = () => props.paused === true || pointer.atWork();
  /** Whether the reader has gone down into a history, where nothing may move. A glance stays one wherever it is seen. */
  const deep = () => props.limit === undefined && window.scrollY > SCROLLED_PX;
  const events = createLiveEvents(
    () => ({
      org: organization().slug,
      organizationId: organization().id,
      filter: props.filter,
      first: props.first,
    }),
    {
      hold: () => deep() || (props.limit === undefined && still()),
      reach: () => (props.limit === undefined ? untrack(view.end) : 0),
    },
  );
  const all = createMemo(() => {
    const { rows } = events.list();
    return props.limit === undefined ? rows : rows.slice(0, props.limit);
  });
  const byId = createMemo(() => new Map(all().map((event) => [event.id, event])));
  const view = createRowWindow(body, () => all().length);
  const drawn = createMemo(() =>
    all()
      .slice(view.start(), view.end())
      .map(({ id }) => id),
  );
  createPlaceKeeper(() => all(), view, deep);
  createArrivals(() => all(), view, body, deep);
  createEffect(() => {
    if (events.status() !== 'ready') return;
    if (props.endless && view.end() > all().length - AHEAD) readOn(events.older);
    if (view.start() < AHEAD) readOn(events.newer);
  });
  return { events, all, byId, drawn, view, follow: pointer.follow, release: createRelease(still, events) };
}

/** Reads on unasked, which ends with the first failure. */
function readOn(beyond: Paged): void {
  if (beyond.hasMore() && !beyond.moreProblem()) beyond.more();
}

/** Lets in what was held back. */
function createRelease(still: () => boolean, events: LiveEvents) {
  createEffect(
    on(still, (is, was) => {
      // What was held because of it comes in, unless the reader has gone further down meanwhile.
      if (was && !is && window.scrollY <= SCROLLED_PX && events.list().held.length > 0) events.release();
    }),
  );
  return (): void => {
    window.scrollTo({ top: 0 });
    events.release();
  };
}

/** A pointer that has not moved for this long rests, ms. */
const RESTS_MS = 4_000;

/** Whether somebody points at the rows: what they are about to click must not be another when they do. */
function createPointer() {
  const [atWork, setAtWork] = createSignal(false);
  let timer: ReturnType<typeof setTimeout> | undefined;
  const rest = (): void => {
    clearTimeout(timer);
    setAtWork(false);
  };
  const move = ({ pointerType }: PointerEvent): void => {
    if (pointerType !== 'mouse') return;
    clearTimeout(timer);
    timer = setTimeout(rest, RESTS_MS);
    setAtWork(true);
  };
  onCleanup(() => clearTimeout(timer));
  return {
    atWork,
    /** Rows that leave the page take the pointer with them. */
    follow: (rows: HTMLElement): void => {
      rows.addEventListener('pointermove', move);
      rows.addEventListener('pointerleave', rest);
    },
  };
}

/** Rows that come or go above what is being read must not move it. */
function createPlaceKeeper(
  rows: () => readonly { id: string }[],
  view: RowWindow,
  deep: () => boolean,
): void {
  let anchor: { id: string; index: number } | undefined;
  createEffect(
    on(rows, (now) => {
      const before = anchor;
      if (!before || !deep()) return;
      const index = now.findIndex(({ id }) => id === before.id);
      if (index >= 0 && index !== before.index) view.shift(index - before.index);
    }),
  );
  // After the rows have moved: the row in the middle of what is drawn is surely being read.
  createEffect(() => {
    const index = Math.floor((view.start() + view.end()) / 2);
    const row = rows()[index];
    anchor = row && { id: row.id, index };
  });
}

/** Rows that come in on top push the others down smoothly. */
function createArrivals(
  rows: () => readonly { id: string }[],
  view: RowWindow,
  body: () => HTMLElement | undefined,
  deep: () => boolean,
): void {
  const slide = createSlide(body);
  createEffect(
    on(rows, (now, before = []) => {
      const by = deep() ? 0 : pushed(before, now);
      if (by <= 0) return;
      slide(by * view.height());
      // More is in sight now than what stands there.
      view.look();
    }),
  );
}

/** Moves the focus among the rows, and opens the event it comes to where one is open. */
export function createMoves(
  props: EventTableProps,
  { all, view }: Pick<ReturnType<typeof createEventRows>, 'all' | 'view'>,
  body: () => HTMLElement | undefined,
) {
  const indexOfFocused = (): number => {
    const id = document.activeElement?.closest('tr')?.dataset.event;
    return all().findIndex(({ eventId }) => eventId === (id ?? props.openEvent));
  };
  return (by: number): void => {
    const index = Math.min(all().length - 1, Math.max(0, indexOfFocused() + by));
    const event = all()[index];
    if (!event) return;
    view.reveal(index);
    body()?.querySelector<HTMLElement>(`tr[data-event="${event.eventId}"] a`)?.focus({ preventScroll: true });
    if (props.openEvent && props.openEvent !== event.eventId) props.onOpen?.(event.eventId);
  };
}
