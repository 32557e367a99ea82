import { A } from '@solidjs/router';
import { For, Match, Show, Switch } from 'solid-js';
import type { Failure } from '../../api/mutate.ts';
import { problemText } from '../../api/problem.ts';
import { useOrganization } from '../../api/session.tsx';
import { Panel } from '../../ui/page.tsx';
import { Empty, Notice, Problem, SkeletonRows } from '../../ui/states.tsx';
import { Composer } from './composer.tsx';
import type { Conversation } from './conversation.ts';
import type { Parties } from './parties.ts';
import { Sent, Turn } from './turn.tsx';

interface TalkProps {
  parties: Parties;
  conversation: Conversation;
  /** Why nothing can be sent now. */
  blocked: string | undefined;
}

/** What was said, and where one says more. */
export function Talk(props: TalkProps) {
  let end: HTMLDivElement | undefined;
  const follow = (): void => {
    const box = end?.parentElement;
    // Whoever has scrolled up is reading.
    if (box && box.scrollHeight - box.scrollTop - box.clientHeight < 160) box.scrollTop = box.scrollHeight;
  };
  const send = (payload: string): Promise<Failure | undefined> => {
    const sent = props.conversation.send(payload);
    requestAnimationFrame(() => end?.scrollIntoView({ block: 'end' }));
    return sent;
  };
  return (
    <Panel>
      <div
        class="flex h-[calc(100vh-20rem)] min-h-64 flex-col gap-5 overflow-y-auto overscroll-contain rounded-t-lg bg-bg p-4 max-md:h-[50vh]"
        role="log"
        aria-label="Conversation"
        tabindex="0"
      >
        <Turns {...props} onGrow={follow} />
        <div ref={end} />
      </div>
      <Show when={props.parties.agent()?.connection?.connected === false}>
        <div class="px-3 pt-3">
          <Notice tone="wait">
            {props.parties.agent()?.name} is not connected. What you send waits until it is.
          </Notice>
        </div>
      </Show>
      <Composer blocked={props.blocked} onSend={send} />
    </Panel>
  );
}

function Turns(props: TalkProps & { onGrow: () => void }) {
  const error = () => props.conversation.error() ?? props.parties.error();
  const retry = (): void => {
    props.conversation.refetch();
    props.parties.refetch();
  };
  return (
    <>
      <Show when={error()}>{(said) => <Problem onRetry={retry}>{problemText(said())}</Problem>}</Show>
      <Switch>
        <Match when={props.conversation.turns().length > 0 || props.conversation.sending()}>
          <ul class="flex flex-col gap-5">
            <For each={props.conversation.turns()}>
              {(eventId) => (
                <Turn
                  eventId={eventId}
                  said={props.conversation.saidIn(eventId)}
                  onGrow={() => props.onGrow()}
                />
              )}
            </For>
            <Show when={props.conversation.sending()}>
              {(payload) => (
                <li class="opacity-60" aria-label="Sending">
                  <Sent payload={payload()} />
                </li>
              )}
            </Show>
          </ul>
        </Match>
        <Match when={props.parties.known() && props.conversation.known()}>
          <Nothing parties={props.parties} blocked={props.blocked} />
        </Match>
        <Match when={!error()}>
          <SkeletonRows rows={3} />
        </Match>
      </Switch>
    </>
  );
}

function Nothing(props: Pick<TalkProps, 'parties' | 'blocked'>) {
  const organization = useOrganization();
  const agent = () => props.parties.agent()?.name;
  const missing = () => {
    if (agent() === undefined) return 'agents';
    return props.parties.app() ? undefined : 'apps';
  };
  return (
    <Empty
      title={agent() === undefined ? 'Nobody to talk to yet' : `Talk to ${agent()}`}
      action={
        <Show when={missing()}>
          {(page) => (
            <A
              href={`/${organization().slug}/${page()}`}
              class="rounded font-medium text-accent-ink hover:underline"
            >
              Go to {page()}
            </A>
          )}
        </Show>
      }
    >
      {props.blocked ??
        'What you send is marked as a test, and its answer is not handed to the app. The whole conversation is one thread.'}
    </Empty>
  );
}
