import type { JSX } from 'solid-js';
import { For, Match, Show, Switch, untrack } from 'solid-js';
import type { EventFilter } from '../../api/generated/graphql.ts';
import type { LiveEvents } from '../../api/live-events.ts';
import { useOrganization } from '../../api/session.tsx';
import { count } from '../../format/number.ts';
import { Button } from '../../ui/button.tsx';
import { Empty, Notice, Problem, SkeletonRows } from '../../ui/states.tsx';
import { LoadMore, Room, Table, furtherProblem } from '../../ui/table.tsx';
import { EventRow, eventColumns } from './event-row.tsx';
import { createEventRows, createMoves } from './event-rows.ts';

/** What can be done with the rows from outside: by keys, for instance. */
export interface EventRows {
  /** Moves the focus by so many rows; to the first one when none has it. */
  move(by: number): void;
}

export interface EventTableProps {
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

/** The history of events, newest first, growing as they happen. */
export function EventTable(props: EventTableProps) {
  let body: HTMLTableSectionElement | undefined;
  const rows = createEventRows(props, () => body);
  const { events, all } = rows;
  untrack(() => props.rows)?.({ move: createMoves(props, rows, () => body) });
  return (
    <>
      <NewEvents count={events.list().held.length} onShow={rows.release} />
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
          <NewerProblem newer={events.newer} />
          <Rows
            {...props}
            of={rows}
            body={(element) => {
              body = element;
              rows.follow(element);
            }}
          />
          <Show when={props.limit === undefined}>
            <LoadMore what="events" list={events.older} />
          </Show>
        </Match>
      </Switch>
    </>
  );
}

interface RowsProps extends Pick<EventTableProps, 'label' | 'omit' | 'compact' | 'openEvent' | 'onOpen'> {
  of: ReturnType<typeof createEventRows>;
  body: (element: HTMLTableSectionElement) => void;
}

function Rows(props: RowsProps) {
  const organization = useOrganization();
  const view = () => props.of.view;
  const total = () => props.of.all().length;
  const whole = (): boolean => {
    const { older, newer } = props.of.events.list();
    return older === null && newer === null;
  };
  return (
    <Table
      label={props.label}
      columns={eventColumns(props.omit, props.compact)}
      fixed
      rowCount={whole() ? total() : -1}
      body={(element) => props.body(element)}
    >
      <Room rows={view().start()} height={view().height()} />
      <For each={props.of.drawn()}>
        {(id, position) => (
          <EventRow
            event={props.of.byId().get(id)}
            index={view().start() + position()}
            omit={props.omit}
            compact={props.compact}
            org={organization().slug}
            fresh={props.of.events.arrivedLive(id)}
            open={props.of.byId().get(id)?.eventId === props.openEvent}
            onOpen={props.onOpen}
          />
        )}
      </For>
      <Room rows={total() - view().end()} height={view().height()} />
    </Table>
  );
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
          {count(props.count)} new {props.count === 1 ? 'event' : 'events'}
        </button>
      </Show>
    </div>
  );
}

/** Newer events are not there; older ones that are not say so below the rows. */
function NewerProblem(props: { newer: LiveEvents['newer'] }) {
  return (
    <Show when={props.newer.moreProblem()}>
      {(problem) => (
        <div class="sticky top-0 z-20 p-2">
          <Notice tone="bad" action={<Button onClick={props.newer.more}>Try again</Button>}>
            {furtherProblem('events', problem())}
          </Notice>
        </div>
      )}
    </Show>
  );
}
