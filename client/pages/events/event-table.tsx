import type { JSX } from 'solid-js';
import { For, Match, Show, Switch } from 'solid-js';
import type { EventFilter, EventRowFragment } from '../../api/generated/graphql.ts';
import { createLiveEvents } from '../../api/live-events.ts';
import { problemText } from '../../api/problem.ts';
import { useOrganization } from '../../api/session.tsx';
import { latency } from '../../format/number.ts';
import { ROWS_MAX } from '../../live/event-list.ts';
import { StatusBadge, Tag } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { Empty, Notice, Problem, SkeletonRows } from '../../ui/states.tsx';
import { Cell, LoadMore, Row, RowLink, Table } from '../../ui/table.tsx';
import { Stamp } from '../../ui/time.tsx';

interface EventTableProps {
  label: string;
  filter: EventFilter;
  /** Rows a page. */
  first: number;
  /** Keeps only this many rows and never holds new ones back: a glance, not a history. */
  limit?: number;
  /** Which side of the event needs no column, because it is the page's own. */
  omit?: 'app' | 'agent';
  empty: JSX.Element;
  /** Set when a filter of the reader's own is at work; clears it. */
  onClear?: (() => void) | undefined;
}

const SCROLLED_PX = 240;

/** The history of events, newest first, growing as they happen. */
export function EventTable(props: EventTableProps) {
  const organization = useOrganization();
  const events = createLiveEvents(
    () => ({
      org: organization().slug,
      organizationId: organization().id,
      filter: props.filter,
      first: props.first,
    }),
    () => props.limit === undefined && window.scrollY > SCROLLED_PX,
  );
  const columns = () => [
    { label: 'Event ID' },
    ...(props.omit === 'app' ? [] : [{ label: 'App', wide: true }]),
    ...(props.omit === 'agent' ? [] : [{ label: 'Agent', wide: true }]),
    { label: 'Thread', wide: true },
    { label: 'Status' },
    { label: 'Latency', right: true, wide: true },
    { label: 'Timestamp', right: true, wide: true },
  ];
  const rows = () => (props.limit === undefined ? events.list.rows : events.list.rows.slice(0, props.limit));
  const release = (): void => {
    window.scrollTo({ top: 0 });
    events.release();
  };
  return (
    <>
      <Show when={events.list.held.length > 0}>
        <div class="sticky top-3 z-20 h-0 text-center">
          <button
            type="button"
            onClick={release}
            class="rounded-full bg-accent px-3 py-1 text-xs font-medium text-on-accent shadow-pop hover:bg-accent-hover"
          >
            {events.list.held.length} new {events.list.held.length === 1 ? 'event' : 'events'}
          </button>
        </div>
      </Show>
      <Switch>
        <Match when={events.status() === 'loading'}>
          <SkeletonRows rows={Math.min(props.first, 8)} />
        </Match>
        <Match when={events.status() === 'failed'}>
          <Problem onRetry={events.retry}>{problemText(events.problem())}</Problem>
        </Match>
        <Match when={events.list.rows.length === 0 && props.onClear}>
          {(clear) => (
            <Empty title="No events match" action={<Button onClick={() => clear()()}>Clear filters</Button>}>
              No event fits these filters. New ones that do will appear here.
            </Empty>
          )}
        </Match>
        <Match when={events.list.rows.length === 0}>{props.empty}</Match>
        <Match when={true}>
          <Show when={events.problem() ?? events.subscriptionProblem()}>
            <div class="p-2">
              <Notice tone="bad" action={<Button onClick={events.retry}>Try again</Button>}>
                This list may be out of date.{' '}
                {events.problem() ? problemText(events.problem()) : events.subscriptionProblem()}
              </Notice>
            </div>
          </Show>
          <Table label={props.label} columns={columns()}>
            <For each={rows()}>
              {(event) => (
                <EventRow
                  event={event}
                  omit={props.omit}
                  org={organization().slug}
                  fresh={events.arrivedLive(event.id)}
                />
              )}
            </For>
          </Table>
          <LoadMore
            shown={props.limit === undefined && events.list.hasMore}
            busy={events.loadingMore()}
            onMore={() => void events.more()}
          />
          <Show when={props.limit === undefined && events.list.trimmed}>
            <p class="border-t border-line px-4 py-3 text-center text-xs text-ink-3">
              The newest {ROWS_MAX.toLocaleString('en-US')} events are shown. Narrow the time to see older
              ones.
            </p>
          </Show>
        </Match>
      </Switch>
    </>
  );
}

interface EventRowProps {
  event: EventRowFragment;
  org: string;
  omit: 'app' | 'agent' | undefined;
  fresh: boolean;
}

function EventRow(props: EventRowProps) {
  const sides = (): string => {
    if (props.omit === 'app') return props.event.agentId;
    if (props.omit === 'agent') return props.event.app.appId;
    return `${props.event.app.appId} → ${props.event.agentId}`;
  };
  return (
    <Row fresh={props.fresh}>
      <Cell class="max-w-56 max-md:max-w-60">
        <span class="flex items-center gap-2">
          <RowLink href={`/${props.org}/events/${props.event.eventId}`} class="truncate font-mono text-xs">
            {props.event.eventId}
          </RowLink>
          <Show when={props.event.origin === 'DASHBOARD'}>
            <Tag>test</Tag>
          </Show>
        </span>
        <span class="block truncate text-xs text-ink-3 md:hidden">
          {sides()} · {props.event.threadId}
          {props.event.latencyMs == null ? '' : ` · ${latency(props.event.latencyMs)}`}
        </span>
      </Cell>
      <Show when={props.omit !== 'app'}>
        <Cell wide class="max-w-40 truncate">
          <span title={props.event.app.name}>{props.event.app.appId}</span>
        </Cell>
      </Show>
      <Show when={props.omit !== 'agent'}>
        <Cell wide class="max-w-40 truncate">
          {props.event.agentId}
        </Cell>
      </Show>
      <Cell wide class="max-w-48 truncate text-ink-2">
        <span title={props.event.threadId}>{props.event.threadId}</span>
      </Cell>
      <Cell>
        <span class="inline-flex items-center gap-2">
          <StatusBadge status={props.event.status} />
          <Show when={props.event.error}>
            {(error) => <code class="font-mono text-xs text-ink-3 max-xl:hidden">{error().code}</code>}
          </Show>
        </span>
      </Cell>
      <Cell right wide class="whitespace-nowrap text-ink-2">
        {latency(props.event.latencyMs)}
      </Cell>
      <Cell right wide class="text-ink-2">
        <Stamp at={props.event.acceptedAt} />
      </Cell>
    </Row>
  );
}
