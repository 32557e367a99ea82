import { A } from '@solidjs/router';
import { For, Match, Switch, createEffect, on } from 'solid-js';
import type { EventDetailFragment } from '../../api/generated/graphql.ts';
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

/** The newest events of the conversation an event belongs to. */
export function ThreadPanel(props: { event: EventDetailFragment; changes: number }) {
  const organization = useOrganization();
  const href = useEventHref();
  const filter = () => ({
    appId: props.event.app.id,
    threadId: props.event.threadId,
    ...(props.event.agent ? { agentId: props.event.agent.id } : {}),
  });
  const events = createQuery(EventsDocument, () => ({
    org: organization().slug,
    filter: filter(),
    first: SHOWN,
  }));
  let timer: ReturnType<typeof setTimeout> | undefined;
  createEffect(
    on(
      () => props.changes,
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
                {({ node }) => (
                  <li
                    class="relative flex h-10 items-center gap-3 px-4 hover:bg-hover"
                    classList={{ 'bg-accent-soft hover:bg-accent-soft': node.id === props.event.id }}
                  >
                    <A
                      href={href(node.eventId)}
                      noScroll
                      aria-current={node.id === props.event.id ? 'true' : undefined}
                      class="min-w-0 flex-1 truncate font-mono text-xs after:absolute after:inset-0"
                    >
                      {node.eventId}
                    </A>
                    <StatusBadge status={node.status} />
                    <span class="w-16 text-right text-xs text-ink-2">
                      <Ago at={node.acceptedAt} />
                    </span>
                  </li>
                )}
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
