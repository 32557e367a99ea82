import RotateCw from 'lucide-solid/icons/rotate-cw';
import { Show, createEffect, createSignal, on, onCleanup } from 'solid-js';
import type { EventDetailFragment } from '../../api/generated/graphql.ts';
import { EventChangedDocument, EventProgressDocument } from '../../api/generated/graphql.ts';
import { useOrganization, useReadOnlyReason } from '../../api/session.tsx';
import { createSubscription } from '../../api/subscription.ts';
import { advance, noProgress } from '../../live/progress.ts';
import { StatusBadge, Tag } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { CopyButton } from '../../ui/copy.tsx';
import { JsonPanel } from '../../ui/json.tsx';
import { Page } from '../../ui/page.tsx';
import { EventFacts } from './event-facts.tsx';
import { Outcome } from './outcome.tsx';
import { ResendDialog } from './resend-dialog.tsx';
import { Timeline } from './timeline.tsx';

const REFETCH_AFTER_MS = 150;

interface EventBodyProps {
  event: EventDetailFragment;
  refetch: () => void;
}

export function EventBody(props: EventBodyProps) {
  const organization = useOrganization();
  const readOnly = useReadOnlyReason();
  const [resending, setResending] = createSignal(false);
  const [progress, setProgress] = createSignal(noProgress);
  let timer: ReturnType<typeof setTimeout> | undefined;
  const refetchSoon = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => props.refetch(), REFETCH_AFTER_MS);
  };
  onCleanup(() => clearTimeout(timer));

  // The narrowest filter there is: this event's thread, for what happens to it before and after its outcome.
  createSubscription(
    EventChangedDocument,
    () => ({
      organizationId: organization().id,
      filter: { appId: props.event.app.id, threadId: props.event.threadId },
    }),
    {
      message: ({ eventChanged }) => {
        if (!eventChanged.event || eventChanged.event.id === props.event.id) refetchSoon();
      },
    },
  );
  // Followed once it is pending and until the page is left: ending with the status would lose the last words.
  const [followed, setFollowed] = createSignal(false);
  createEffect(
    on(
      () => [props.event.id, props.event.status] as const,
      ([id, status], before) => {
        if (before && before[0] !== id) setProgress(noProgress);
        if (!before || before[0] !== id || status === 'PENDING') setFollowed(status === 'PENDING');
      },
    ),
  );
  createSubscription(EventProgressDocument, () => (followed() ? { eventId: props.event.id } : undefined), {
    started: () => void setProgress(noProgress),
    message: ({ eventProgress }) => {
      const before = progress();
      const after = setProgress(advance(before, eventProgress));
      // Each of these is a step of the timeline, which the server keeps while the event is under way.
      const begun = after.attempt !== before.attempt;
      const firstWords = before.text === '' && after.text !== '';
      if (after.done || begun || firstWords) refetchSoon();
    },
  });

  return (
    <Page
      title={props.event.eventId}
      heading={
        <span class="flex flex-wrap items-center gap-x-3 gap-y-1">
          <span class="flex min-w-0 items-center gap-1">
            <span class="truncate font-mono text-base">{props.event.eventId}</span>
            <CopyButton text={props.event.eventId} what="Event ID" />
          </span>
          <span aria-live="polite">
            <StatusBadge status={props.event.status} />
          </span>
          <Show when={props.event.origin === 'DASHBOARD'}>
            <Tag>sent from the dashboard</Tag>
          </Show>
        </span>
      }
      crumbs={[{ label: 'Event logs', href: `/${organization().slug}/events` }]}
      actions={
        <Button disabledReason={readOnly()} onClick={() => setResending(true)}>
          <RotateCw class="size-3.5" aria-hidden="true" />
          Resend
        </Button>
      }
    >
      <div class="grid items-start gap-5 lg:grid-cols-[minmax(0,1fr)_20rem] max-sm:gap-4">
        <div class="flex min-w-0 flex-col gap-5 max-sm:gap-4">
          <Outcome event={props.event} progress={progress()} />
          <JsonPanel title="Payload" raw={props.event.payload ?? ''} />
        </div>
        <div class="flex min-w-0 flex-col gap-5 max-sm:gap-4">
          <Timeline entries={props.event.timeline} />
          <EventFacts event={props.event} />
        </div>
      </div>
      <ResendDialog event={props.event} open={resending()} onClose={() => setResending(false)} />
    </Page>
  );
}
