import { useSearchParams } from '@solidjs/router';
import { For, Match, Show, Switch, createEffect, createSignal, on } from 'solid-js';
import { EventsDocument, SendTestEventDocument } from '../../api/generated/graphql.ts';
import type { Failure } from '../../api/mutate.ts';
import { mutate } from '../../api/mutate.ts';
import { problemText } from '../../api/problem.ts';
import { createQuery } from '../../api/query.ts';
import { useOrganization, useReadOnlyReason } from '../../api/session.tsx';
import { ConnectionBadge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { Id } from '../../ui/copy.tsx';
import { Page, Panel } from '../../ui/page.tsx';
import { Empty, Notice, Problem, SkeletonRows } from '../../ui/states.tsx';
import { Picker } from '../connectable/picker.tsx';
import { Composer } from './composer.tsx';
import { createParties } from './parties.ts';
import { Turn } from './turn.tsx';

/** How much of a conversation is shown when it is come back to. */
const TURNS = 20;

const PARTY = 'max-sm:flex-1 max-sm:basis-[45%] sm:w-48';

/** Talks to an agent in an app's name. The conversation is one thread, and its address can be come back to. */
export default function Console() {
  const organization = useOrganization();
  const readOnly = useReadOnlyReason();
  const [query, setQuery] = useSearchParams<{ agent: string; app: string; thread: string }>();
  const { choices, agent, app, ...parties } = createParties(query);
  const [turns, setTurns] = createSignal<string[]>([]);
  // Only a thread that was in the address is read; one that began here is known.
  const [read, setRead] = createSignal(query.thread);
  const before = createQuery(EventsDocument, () => {
    const [thread, appId, agentId] = [read(), app()?.id, agent()?.id];
    if (!thread || !appId || !agentId) return undefined;
    return { org: organization().slug, filter: { threadId: thread, appId, agentId }, first: TURNS };
  });
  createEffect(
    on(
      () => before.data?.organization?.events.edges,
      (edges) => {
        if (!edges) return;
        const known = edges.map(({ node }) => node.eventId).reverse();
        setTurns((all) => [...new Set([...known, ...all])]);
      },
    ),
  );
  let end: HTMLDivElement | undefined;
  const follow = (): void => {
    const box = end?.parentElement;
    // Whoever has scrolled up is reading.
    if (box && box.scrollHeight - box.scrollTop - box.clientHeight < 160) box.scrollTop = box.scrollHeight;
  };
  const begin = (change: { agent?: string; app?: string }): void => {
    setRead(undefined);
    setTurns([]);
    setQuery({ ...change, thread: undefined }, { replace: true, scroll: false });
  };
  const retry = (): void => {
    before.refetch();
    parties.refetch();
  };
  const blocked = () => {
    if (readOnly()) return readOnly();
    if (!parties.known()) return 'Agents and apps are not loaded yet.';
    if (!agent()) return 'Register an agent first.';
    return app() ? undefined : 'Register an app first.';
  };
  const send = async (payload: string): Promise<Failure | undefined> => {
    const [to, from] = [agent(), app()];
    if (!to || !from) return undefined;
    const { ok, failure } = await mutate(SendTestEventDocument, {
      input: {
        agentId: to.id,
        appId: from.id,
        payload,
        ...(query.thread ? { threadId: query.thread } : {}),
      },
    });
    if (!ok) return failure;
    const { eventId, threadId } = ok.event;
    setTurns((all) => [...all, eventId]);
    setQuery({ agent: to.id, app: from.id, thread: threadId }, { replace: true, scroll: false });
    requestAnimationFrame(() => end?.scrollIntoView({ block: 'end' }));
    return undefined;
  };
  return (
    <Page
      title="Console"
      actions={
        <Button
          disabledReason={turns().length === 0 ? 'This thread is new.' : undefined}
          onClick={() => begin({})}
        >
          New thread
        </Button>
      }
    >
      <Switch>
        <Match when={choices.data}>
          <div class="flex flex-wrap items-center gap-x-3 gap-y-2">
            <Picker
              kind="agent"
              label="Agent"
              active
              value={agent()?.id ?? query.agent}
              name={agent()?.name}
              onChoose={(id) => begin({ agent: id })}
              class={PARTY}
            />
            <Show when={agent()?.connection}>
              {(connection) => <ConnectionBadge connected={connection().connected} />}
            </Show>
            <span class="text-ink-2">as</span>
            <Picker
              kind="app"
              label="App"
              active
              value={app()?.id ?? query.app}
              name={app()?.name}
              onChoose={(id) => begin({ app: id })}
              class={PARTY}
            />
            <Show when={query.thread}>
              {(thread) => (
                <span class="ml-auto inline-flex items-center gap-2 text-ink-2 max-sm:ml-0">
                  Thread <Id text={thread()} what="thread" />
                </span>
              )}
            </Show>
          </div>
          <Panel>
            <div
              class="flex h-[calc(100vh-20rem)] min-h-64 flex-col gap-5 overflow-y-auto overscroll-contain rounded-t-lg bg-bg p-4 max-md:h-[50vh]"
              role="log"
              aria-label="Conversation"
              tabindex="0"
            >
              <Show when={before.error ?? parties.error()}>
                {(error) => <Problem onRetry={retry}>{problemText(error())}</Problem>}
              </Show>
              <Show
                when={turns().length > 0}
                fallback={
                  <Show
                    when={parties.known() && (!read() || before.data)}
                    fallback={
                      <Show when={!before.error && !parties.error()}>
                        <SkeletonRows rows={3} />
                      </Show>
                    }
                  >
                    <Empty title={agent() ? `Talk to ${agent()?.name}` : 'Nobody to talk to yet'}>
                      {blocked() ??
                        'What you send is marked as a test, and its answer is not handed to the app. The whole conversation is one thread.'}
                    </Empty>
                  </Show>
                }
              >
                <ul class="flex flex-col gap-5">
                  <For each={turns()}>{(eventId) => <Turn eventId={eventId} onGrow={follow} />}</For>
                </ul>
              </Show>
              <div ref={end} />
            </div>
            <Show when={agent()?.connection?.connected === false}>
              <div class="px-3 pt-3">
                <Notice tone="wait">
                  {agent()?.name} is not connected. What you send waits until it is.
                </Notice>
              </div>
            </Show>
            <Composer blocked={blocked()} onSend={send} />
          </Panel>
        </Match>
        <Match when={choices.loading}>
          <Panel>
            <SkeletonRows rows={8} />
          </Panel>
        </Match>
        <Match when={choices.error}>
          {(error) => (
            <Panel>
              <Problem onRetry={() => choices.refetch()}>{problemText(error())}</Problem>
            </Panel>
          )}
        </Match>
      </Switch>
    </Page>
  );
}
