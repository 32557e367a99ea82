import { Show } from 'solid-js';
import type { EventRowFragment } from '../../api/generated/graphql.ts';
import { latency } from '../../format/number.ts';
import { StatusBadge, Tag } from '../../ui/badge.tsx';
import { Cell, Row, RowLink } from '../../ui/table.tsx';
import { Ago } from '../../ui/time.tsx';

type Side = 'app' | 'agent' | undefined;

export function eventColumns(omit: Side, compact: boolean | undefined) {
  const wide = !compact;
  return [
    { label: 'Event ID', class: compact ? '' : 'md:w-46 xl:w-60' },
    ...(wide && omit !== 'app' ? [{ label: 'App', wide }] : []),
    ...(wide && omit !== 'agent' ? [{ label: 'Agent', wide }] : []),
    ...(wide ? [{ label: 'Thread', wide }] : []),
    { label: 'Status', class: compact ? 'w-30' : 'w-30 max-md:text-right xl:w-64' },
    ...(wide ? [{ label: 'Latency', right: true, wide, class: 'w-22' }] : []),
    { label: 'Accepted', right: true, wide: true, class: 'w-24 xl:w-28' },
  ];
}

interface EventRowProps {
  /** Undefined for a moment when it has just left the list. */
  event: EventRowFragment | undefined;
  index: number;
  org: string;
  omit: Side;
  compact: boolean | undefined;
  fresh: boolean;
  open: boolean;
  onOpen: ((eventId: string) => boolean) | undefined;
}

/** One event on one line, two on narrow screens: rows are of one height, so that those out of sight need not be drawn. */
export function EventRow(props: EventRowProps) {
  return (
    <Show when={props.event}>
      {(event) => (
        <Row fresh={props.fresh} chosen={props.open} index={props.index} event={event().eventId}>
          <NameCell {...props} event={event()} />
          <Show when={!props.compact}>
            <SideCells event={event()} omit={props.omit} />
          </Show>
          <StatusCell event={event()} compact={props.compact} />
          <Show when={!props.compact}>
            <Cell right wide class="whitespace-nowrap text-ink-2">
              {latency(event().latencyMs)}
            </Cell>
          </Show>
          <Cell right wide class="text-ink-2">
            <Ago at={event().acceptedAt} />
          </Cell>
        </Row>
      )}
    </Show>
  );
}

type NameCellProps = Pick<EventRowProps, 'org' | 'omit' | 'compact' | 'open' | 'onOpen'> & {
  event: EventRowFragment;
};

/** The event's own name, and what of it has no column. */
function NameCell(props: NameCellProps) {
  const open = (event: MouseEvent): void => {
    // A new tab or window is the browser's own business.
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey || event.button !== 0) return;
    if (props.onOpen?.(props.event.eventId)) event.preventDefault();
  };
  return (
    <Cell>
      <span class="flex items-center gap-2">
        <RowLink
          href={`/${props.org}/events/${props.event.eventId}`}
          class="truncate font-mono text-xs"
          current={props.open}
          onClick={open}
        >
          {props.event.eventId}
        </RowLink>
        <Show when={props.event.origin === 'DASHBOARD'}>
          <Tag>test</Tag>
        </Show>
        <Show when={props.compact}>
          <span class="min-w-0 flex-1 truncate text-right text-xs text-ink-2" title={props.event.threadId}>
            {props.event.threadId}
          </span>
        </Show>
      </span>
      <Sides event={props.event} omit={props.omit} />
    </Cell>
  );
}

/** Who sent it to whom in which thread. */
function SideCells(props: { event: EventRowFragment; omit: Side }) {
  return (
    <>
      <Show when={props.omit !== 'app'}>
        <Cell wide class="truncate">
          <span title={props.event.app.name}>{props.event.app.appId}</span>
        </Cell>
      </Show>
      <Show when={props.omit !== 'agent'}>
        <Cell wide class="truncate">
          <span title={props.event.agentId}>{props.event.agentId}</span>
        </Cell>
      </Show>
      <Cell wide class="truncate text-ink-2">
        <span title={props.event.threadId}>{props.event.threadId}</span>
      </Cell>
    </>
  );
}

function StatusCell(props: { event: EventRowFragment; compact: boolean | undefined }) {
  return (
    <Cell class="max-md:text-right">
      <span class="inline-flex max-w-full items-center gap-2">
        <StatusBadge status={props.event.status} />
        <Show when={!props.compact && props.event.error}>
          {(error) => (
            <code class="truncate font-mono text-xs text-ink-3 max-xl:hidden" title={error().code}>
              {error().code}
            </code>
          )}
        </Show>
      </span>
      <span class="block text-xs text-ink-3 md:hidden">
        <Ago at={props.event.acceptedAt} />
      </span>
    </Cell>
  );
}

/** What the columns left out on narrow screens say, on one line. */
function Sides(props: { event: EventRowFragment; omit: Side }) {
  const sides = (): string => {
    if (props.omit === 'app') return props.event.agentId;
    if (props.omit === 'agent') return props.event.app.appId;
    return `${props.event.app.appId} → ${props.event.agentId}`;
  };
  return (
    <span class="flex text-xs text-ink-3 md:hidden">
      <span class="truncate">
        {sides()} · {props.event.threadId}
      </span>
      <Show when={props.event.latencyMs != null}>
        <span class="shrink-0 whitespace-pre"> · {latency(props.event.latencyMs)}</span>
      </Show>
    </span>
  );
}
