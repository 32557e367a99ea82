import { A } from '@solidjs/router';
import { For, Match, Switch, createEffect, on } from 'solid-js';
import type { EventDetailFragment, EventRowFragment } from '../../api/generated/graphql.ts';
import { EventsDocument } from '../../api/generated/graphql.ts';
import { problemText } from '../../api/problem.ts';
import { createQuery } from '../../api/query.ts';
import { useOrganization } from '../../api/session.tsx';
import { StatusBadge } from '../../ui/badge.tsx';
import { Panel } from '../../ui/page.tsx';
import { Problem, SkeletonRows } from '../../ui/states.tsx';
import { Ago } from '../../ui/time.tsx';
import { useEventHref } from './event-place.tsx';

const SHOWN = 8;
const REFETCH_AFTER_MS = 400;

/** The newest events of a thread, read anew as `changes` rises. */
function createThread(event: () => EventDetailFragment, changes: () => number) {
  const organization = useOrganization();
  const filter = () => {
    const { app, threadId, agent } = event();
    return { appId: app.id, threadId, ...(agent ? { agentId: agent.id } : {}) };
  };
  const events = createQuery(EventsDocument, () => ({
    org: organization().slug,
    filter: filter(),
    first: SHOWN,
  }));
  let timer: ReturnType<typeof setTimeout> | undefined;
  createEffect(
    on(
      changes,
      () => {
        // A burst is read once, after it; reading is never put off by the next change.
        timer ??= setTimeout(() => {
          timer = undefined;
          events.refetch();
        }, REFETCH_AFTER_MS);
      },
      { defer: true },
    ),
  );
  return events;
}

/** The newest events of the conversation an event belongs to. */
export function ThreadPanel(props: { event: EventDetailFragment; changes: number }) {
  const organization = useOrganization();
  const events = createThread(
    () => props.event,
    () => props.changes,
  );
  const page = () => events.data?.organization?.events;
  const whole = () => {
    const query = new URLSearchParams({ thread: props.event.threadId, app: props.event.app.id });
    return `/${organization().slug}/events?${query.toString()}`;
  };
  return (
    <Panel
      title="Thread"
      note={page()?.pageInfo.hasNextPage ? `newest ${SHOWN}` : undefined}
      actions={
        <A href={whole()} class="rounded text-xs font-medium text-accent-ink hover:underline">
          Open in Event logs
        </A>
      }
    >
      <Switch fallback={<SkeletonRows rows={2} />}>
        <Match when={page()}>
          {(found) => (
            <ol class="divide-y divide-line">
              <For each={found().edges}>
                {({ node }) => <ThreadRow event={node} current={node.id === props.event.id} />}
              </For>
            </ol>
          )}
        </Match>
        <Match when={events.error}>
          {(error) => <Problem onRetry={() => events.refetch()}>{problemText(error())}</Problem>}
        </Match>
      </Switch>
    </Panel>
  );
}

function ThreadRow(props: { event: EventRowFragment; current: boolean }) {
  const href = useEventHref();
  return (
    <li
      class="relative flex h-10 items-center gap-3 px-4 hover:bg-hover"
      classList={{ 'bg-accent-soft hover:bg-accent-soft': props.current }}
    >
      <A
        href={href(props.event.eventId)}
        noScroll
        aria-current={props.current ? 'true' : undefined}
        class="min-w-0 flex-1 truncate font-mono text-xs after:absolute after:inset-0"
      >
        {props.event.eventId}
      </A>
      <StatusBadge status={props.event.status} />
      <span class="w-16 text-right text-xs text-ink-2">
        <Ago at={props.event.acceptedAt} />
      </span>
    </li>
  );
}
