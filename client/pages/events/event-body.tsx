import { Show } from 'solid-js';
import type { EventDetailFragment } from '../../api/generated/graphql.ts';
import { latency } from '../../format/number.ts';
import { exactUtc } from '../../format/time.ts';
import { StatusBadge, Tag } from '../../ui/badge.tsx';
import { CopyButton } from '../../ui/copy.tsx';
import { JsonPanel } from '../../ui/json.tsx';
import { Panel } from '../../ui/page.tsx';
import { EventFacts } from './event-facts.tsx';
import { createInspection } from './inspection.ts';
import { Outcome } from './outcome.tsx';
import { ThreadPanel } from './thread-panel.tsx';
import { Timeline } from './timeline.tsx';

/** What an event is called, where it stands and how long its answer took. */
export function EventHeading(props: { event: EventDetailFragment }) {
  return (
    <span class="flex flex-wrap items-center gap-x-3 gap-y-1">
      <span class="flex min-w-0 items-center gap-1">
        <span class="truncate font-mono text-base">{props.event.eventId}</span>
        <CopyButton text={props.event.eventId} what="Event ID" />
      </span>
      <span aria-live="polite">
        <StatusBadge status={props.event.status} />
      </span>
      <Show when={props.event.latencyMs !== null}>
        <span class="text-sm font-normal tracking-normal text-ink-2">{latency(props.event.latencyMs)}</span>
      </Show>
      <Show when={props.event.origin === 'DASHBOARD'}>
        <Tag>sent from the dashboard</Tag>
      </Show>
    </span>
  );
}

/** Everything about one event; two columns where there is room for them. */
export function EventBody(props: { event: EventDetailFragment; refetch: () => void }) {
  const inspection = createInspection(
    () => props.event,
    () => props.refetch(),
  );
  return (
    <div class="@container">
      <div class="grid items-start gap-5 @4xl:grid-cols-[minmax(0,1fr)_22rem] max-sm:gap-4">
        <div class="flex min-w-0 flex-col gap-5 max-sm:gap-4">
          <Show when={props.event.contentDeletedAt}>
            {(at) => (
              <Panel title="Content deleted">
                <p class="px-4 py-3 text-ink-2">
                  What this event carried was deleted for good on {exactUtc(at())}. That there was an event,
                  and how it went, stays.
                </p>
              </Panel>
            )}
          </Show>
          <Outcome event={props.event} progress={inspection.progress()} />
          <Show when={props.event.payload}>
            {(payload) => (
              <JsonPanel title="Payload" raw={payload()} file={`${props.event.eventId}-payload`} />
            )}
          </Show>
        </div>
        <div class="flex min-w-0 flex-col gap-5 max-sm:gap-4">
          <Timeline entries={props.event.timeline} />
          <EventFacts event={props.event} />
          <ThreadPanel event={props.event} changes={inspection.threadChanges()} />
        </div>
      </div>
    </div>
  );
}
