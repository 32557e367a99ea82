import { A } from '@solidjs/router';
import Maximize2 from 'lucide-solid/icons/maximize-2';
import X from 'lucide-solid/icons/x';
import { Match, Show, Switch, createEffect, on } from 'solid-js';
import type { EventDetailFragment } from '../../api/generated/graphql.ts';
import { EventPageDocument } from '../../api/generated/graphql.ts';
import { problemText } from '../../api/problem.ts';
import { createQuery } from '../../api/query.ts';
import { useOrganization } from '../../api/session.tsx';
import { catchFocus } from '../../ui/focus.ts';
import { Empty, Problem, SkeletonRows } from '../../ui/states.tsx';
import { EventActions } from './event-actions.tsx';
import { EventBody, EventHeading } from './event-body.tsx';

const round =
  'inline-flex size-8 items-center justify-center rounded-md text-ink-2 hover:bg-hover hover:text-ink';

/** The id of the element, for those who lead into it. */
export const EVENT_SHEET = 'event-sheet';

/** An event beside the list it was chosen from. */
export function EventSheet(props: { eventId: string; onClose: () => void }) {
  const event = createQuery(EventPageDocument, () => ({ id: props.eventId }));
  let sheet: HTMLElement | undefined;
  // What led from one event to another leaves with the first.
  createEffect(
    on(
      () => props.eventId,
      () => catchFocus(() => sheet),
      { defer: true },
    ),
  );
  return (
    <aside
      ref={sheet}
      id={EVENT_SHEET}
      tabindex="-1"
      aria-label="Event"
      class="sticky top-0 flex h-screen animate-appear flex-col border-l border-line bg-panel -outline-offset-2"
    >
      <Head eventId={props.eventId} event={event.data?.event} onClose={() => props.onClose()} />
      <div class="min-h-0 flex-1 overflow-y-auto overscroll-contain bg-bg p-4">
        <Switch fallback={<Empty title="Event not found">It is gone, or was never here.</Empty>}>
          <Match when={event.data?.event}>
            {(found) => <EventBody event={found()} refetch={() => event.refetch()} />}
          </Match>
          <Match when={event.loading}>
            <SkeletonRows rows={10} />
          </Match>
          <Match when={event.error}>
            {(error) => <Problem onRetry={() => event.refetch()}>{problemText(error())}</Problem>}
          </Match>
        </Switch>
      </div>
    </aside>
  );
}

interface HeadProps {
  eventId: string;
  /** Undefined while it is not there. */
  event: EventDetailFragment | null | undefined;
  onClose: () => void;
}

function Head(props: HeadProps) {
  const organization = useOrganization();
  return (
    <header class="flex flex-col gap-2 border-b border-line px-5 py-3">
      <div class="flex items-start gap-2">
        <h2 class="min-w-0 flex-1 py-1 font-semibold tracking-tight">
          <Show when={props.event} fallback={<span class="font-mono text-base">{props.eventId}</span>}>
            {(found) => <EventHeading event={found()} />}
          </Show>
        </h2>
        <A
          href={`/${organization().slug}/events/${props.eventId}`}
          aria-label="Open on its own page"
          title="Open on its own page"
          class={round}
        >
          <Maximize2 class="size-4" aria-hidden="true" />
        </A>
        <button
          type="button"
          aria-label="Close"
          title="Close (Esc)"
          class={round}
          onClick={() => props.onClose()}
        >
          <X class="size-4" aria-hidden="true" />
        </button>
      </div>
      <Show when={props.event}>
        {(found) => (
          <div class="flex flex-wrap gap-2">
            <EventActions event={found()} />
          </div>
        )}
      </Show>
    </header>
  );
}
