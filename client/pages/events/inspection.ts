import { createEffect, createSignal, on, onCleanup } from 'solid-js';
import type { EventDetailFragment } from '../../api/generated/graphql.ts';
import { EventChangedDocument, EventProgressDocument } from '../../api/generated/graphql.ts';
import { useOrganization } from '../../api/session.tsx';
import { createSubscription } from '../../api/subscription.ts';
import { advance, noProgress } from '../../live/progress.ts';

const REFETCH_AFTER_MS = 150;

/** Follows an event while it is looked at: its answer word by word, its steps, and what else happens in its thread. */
export function createInspection(event: () => EventDetailFragment, refetch: () => void) {
  const organization = useOrganization();
  const [progress, setProgress] = createSignal(noProgress);
  const [threadChanges, setThreadChanges] = createSignal(0);
  let timer: ReturnType<typeof setTimeout> | undefined;
  const refetchSoon = (): void => {
    clearTimeout(timer);
    timer = setTimeout(refetch, REFETCH_AFTER_MS);
  };
  onCleanup(() => clearTimeout(timer));

  // The narrowest filter there is: this event's thread, for what happens to it before and after its outcome.
  createSubscription(
    EventChangedDocument,
    () => ({
      organizationId: organization().id,
      filter: { appId: event().app.id, threadId: event().threadId },
    }),
    {
      message: ({ eventChanged }) => {
        if (!eventChanged.event || eventChanged.event.id === event().id) refetchSoon();
        setThreadChanges((n) => n + 1);
      },
    },
  );
  // Followed once it is pending and until the page is left: ending with the status would lose the last words.
  const [followed, setFollowed] = createSignal(false);
  createEffect(
    on(
      () => [event().id, event().status] as const,
      ([id, status], before) => {
        if (before && before[0] !== id) setProgress(noProgress);
        if (!before || before[0] !== id || status === 'PENDING') setFollowed(status === 'PENDING');
      },
    ),
  );
  createSubscription(EventProgressDocument, () => (followed() ? { eventId: event().id } : undefined), {
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
  return {
    progress,
    /** Rises with each change in the event's thread. */
    threadChanges,
  };
}
