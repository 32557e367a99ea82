import type { JSX } from 'solid-js';
import { For, Match, Show, Switch, createEffect, createMemo, on, untrack } from 'solid-js';
import type { EventFilter } from '../../api/generated/graphql.ts';
import type { LiveEvents } from '../../api/live-events.ts';
import { createLiveEvents } from '../../api/live-events.ts';
import { useOrganization } from '../../api/session.tsx';
import { Button } from '../../ui/button.tsx';
import { Empty, Notice, Problem, SkeletonRows } from '../../ui/states.tsx';
import type { Paged } from '../../ui/table.tsx';
import { LoadMore, Room, Table, furtherProblem } from '../../ui/table.tsx';
import type { RowWindow } from '../../ui/window.ts';
import { createRowWindow } from '../../ui/window.ts';
import { EventRow, eventColumns } from './event-row.tsx';

/** What can be done with the rows from outside: by keys, for instance. */
export interface EventRows {
  /** Moves the focus by so many rows; to the first one when none has it. */
  move(by: number): void;
}

interface EventTableProps {
  label: string;
  filter: EventFilter;
  /** Rows a page. */
  first: number;
  /** Keeps only this many rows and never holds new ones back: a glance, not a history. */
  limit?: number;
  /** Reads on by itself when the end comes into sight. For a page that has nothing below its list. */
  endless?: boolean;
  /** Which side of the event needs no column, because it is the page's own. */
  omit?: 'app' | 'agent';
  /** Only the columns one recognises an event by. */
  compact?: boolean;
  /** Holds new events back, wherever the reader stands. */
  paused?: boolean;
  empty: JSX.Element;
  /** Set when a filter of the reader's own is at work; clears it. */
  onClear?: (() => void) | undefined;
  /** The event that is open beside the list. */
  openEvent?: string | undefined;
  /** Opens an event beside the list rather than on its own page; false: it cannot now. */
  onOpen?: (eventId: string) => boolean;
  rows?: (rows: EventRows) => void;
}

const SCROLLED_PX = 240;
/** The next page is asked for while there are still this many rows to scroll through. */
const AHEAD = 40;

/** Reads on unasked, which ends with the first failure. */
function readOn(beyond: Paged): void {
  if (beyond.hasMore() && !beyond.moreProblem()) beyond.more();
}

/** The history of events, newest first, growing as they happen. */
export function EventTable(props: EventTableProps) {
  const organization = useOrganization();
  let body: HTMLTableSectionElement | undefined;
  const events = createLiveEvents(
    () => ({
      org: organization().slug,
      organizationId: organization().id,
      filter: props.filter,
      first: props.first,
    }),
    {
      hold: () => props.limit === undefined && (props.paused === true || window.scrollY > SCROLLED_PX),
      reach: () => (props.limit === undefined ? untrack(view.end) : 0),
    },
  );
  const all = createMemo(() => {
    const { rows } = events.list();
    return props.limit === undefined ? rows : rows.slice(0, props.limit);
  });
  const byId = createMemo(() => new Map(all().map((event) => [event.id, event])));
  const view = createRowWindow(
    () => body,
    () => all().length,
  );
  const drawn = createMemo(() =>
    all()
      .slice(view.start(), view.end())
      .map(({ id }) => id),
  );
  createPlaceKeeper(() => all(), view);
  createEffect(() => {
    if (events.status() !== 'ready') return;
    if (props.endless && view.end() > all().length - AHEAD) readOn(events.older);
    if (view.start() < AHEAD) readOn(events.newer);
  });
  const release = (): void => {
    window.scrollTo({ top: 0 });
    events.release();
  };
  createEffect(
    on(
      () => props.paused,
      (paused, before) => {
        // What was held because of it comes in, unless the reader has gone further down meanwhile.
        if (before && !paused && window.scrollY <= SCROLLED_PX && events.list().held.length > 0) release();
      },
    ),
  );
  const indexOfFocused = (): number => {
    const id = document.activeElement?.closest('tr')?.dataset.event;
    return all().findIndex(({ eventId }) => eventId === (id ?? props.openEvent));
  };
  untrack(() => props.rows)?.({
    move(by) {
      const index = Math.min(all().length - 1, Math.max(0, indexOfFocused() + by));
      const event = all()[index];
      if (!event) return;
      view.reveal(index);
      body?.querySelector<HTMLElement>(`tr[data-event="${event.eventId}"] a`)?.focus({ preventScroll: true });
      if (props.openEvent && props.openEvent !== event.eventId) props.onOpen?.(event.eventId);
    },
  });
  const columns = () => eventColumns(props.omit, props.compact);
  return (
    <>
      <NewEvents count={events.list().held.length} onShow={release} />
      <Switch>
        <Match when={events.status() === 'loading'}>
          <SkeletonRows rows={Math.min(props.first, 12)} headed tallWhenNarrow />
        </Match>
        <Match when={events.status() === 'failed'}>
          <Problem onRetry={events.retry}>{events.problem()}</Problem>
        </Match>
        <Match when={all().length === 0 && props.onClear}>
          {(clear) => (
            <Empty title="No events match" action={<Button onClick={() => clear()()}>Clear filters</Button>}>
              No event fits these filters. New ones that do will appear here.
            </Empty>
          )}
        </Match>
        <Match when={all().length === 0}>{props.empty}</Match>
        <Match when={true}>
          <OutOfDate events={events} />
          <Table
            label={props.label}
            columns={columns()}
            fixed
            rowCount={events.list().older === null && events.list().newer === null ? all().length : -1}
            body={(element) => (body = element)}
          >
            <Room rows={view.start()} height={view.height()} />
            <For each={drawn()}>
              {(id, position) => (
                <EventRow
                  event={byId().get(id)}
                  index={view.start() + position()}
                  omit={props.omit}
                  compact={props.compact}
                  org={organization().slug}
                  fresh={events.arrivedLive(id)}
                  open={byId().get(id)?.eventId === props.openEvent}
                  onOpen={props.onOpen}
                />
              )}
            </For>
            <Room rows={all().length - view.end()} height={view.height()} />
          </Table>
          <Show when={props.limit === undefined}>
            <LoadMore what="events" list={events.older} />
          </Show>
        </Match>
      </Switch>
    </>
  );
}

/** Rows that come or go above what is being read must not move it. */
function createPlaceKeeper(rows: () => readonly { id: string }[], view: RowWindow): void {
  let anchor: { id: string; index: number } | undefined;
  createEffect(
    on(rows, (now) => {
      const before = anchor;
      if (!before || window.scrollY <= SCROLLED_PX) return;
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

function NewEvents(props: { count: number; onShow: () => void }) {
  return (
    <div class="sticky top-3 z-20 h-0 text-center" role="status">
      <Show when={props.count > 0}>
        <button
          type="button"
          onClick={() => props.onShow()}
          class="rounded-full bg-accent px-3 py-1 text-xs font-medium text-on-accent shadow-pop hover:bg-accent-hover"
        >
          {props.count.toLocaleString('en-US')} new {props.count === 1 ? 'event' : 'events'}
        </button>
      </Show>
    </div>
  );
}

/** What is shown may not be as it is now, or newer events are not there; older ones that are not say so below the rows. */
function OutOfDate(props: { events: LiveEvents }) {
  const said = () => {
    const [stale, newer] = [props.events.problem(), props.events.newer.moreProblem()];
    if (stale) return `This list may be out of date. ${stale}`;
    return newer && furtherProblem('events', newer);
  };
  const retry = (): void => (props.events.problem() ? props.events.retry() : props.events.newer.more());
  return (
    <Show when={said()}>
      <div class="sticky top-0 z-20 p-2">
        <Notice tone="bad" action={<Button onClick={retry}>Try again</Button>}>
          {said()}
        </Notice>
      </div>
    </Show>
  );
}
