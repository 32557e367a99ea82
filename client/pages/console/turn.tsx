import { A } from '@solidjs/router';
import { Match, Show, Switch, createEffect, createSignal } from 'solid-js';
import type { EventDetailFragment } from '../../api/generated/graphql.ts';
import { EventPageDocument, EventProgressDocument } from '../../api/generated/graphql.ts';
import { problemText } from '../../api/problem.ts';
import { createQuery } from '../../api/query.ts';
import { useOrganization } from '../../api/session.tsx';
import { createSubscription } from '../../api/subscription.ts';
import { decodeLiteral, indentJson } from '../../format/json.ts';
import { latency } from '../../format/number.ts';
import { advance, noProgress } from '../../live/progress.ts';
import { ErrorCode, StatusBadge } from '../../ui/badge.tsx';
import { CopyButton } from '../../ui/copy.tsx';
import { Bar, Problem } from '../../ui/states.tsx';
import { Ago } from '../../ui/time.tsx';

const words = 'font-sans break-words whitespace-pre-wrap';

interface TurnProps {
  eventId: string;
  /** What was sent, where that is known before the event is read. */
  said: string | undefined;
  onGrow: () => void;
}

/** One event sent from the console, and its answer as it comes. */
export function Turn(props: TurnProps) {
  const event = createQuery(EventPageDocument, () => ({ id: props.eventId }));
  return (
    <li class="flex flex-col gap-2">
      <Switch fallback={<Problem>This event is gone.</Problem>}>
        <Match when={event.data?.event}>
          {(found) => (
            <>
              <Show when={found().payload}>{(payload) => <Sent payload={payload()} />}</Show>
              <Answer event={found()} refetch={() => event.refetch()} onGrow={() => props.onGrow()} />
            </>
          )}
        </Match>
        <Match when={event.loading}>
          <Show when={props.said} fallback={<Bar class="ml-auto h-8 w-48" />}>
            {(payload) => <Sent payload={payload()} />}
          </Show>
        </Match>
        <Match when={event.error}>
          {(error) => <Problem onRetry={() => event.refetch()}>{problemText(error())}</Problem>}
        </Match>
      </Switch>
    </li>
  );
}

/** A payload that is a text and nothing else is shown as what was written. */
function textOf(payload: string): string | undefined {
  const value = JSON.parse(payload) as Record<string, unknown>;
  const [only, ...others] = Object.entries(value);
  return only?.[0] === 'text' && typeof only[1] === 'string' && others.length === 0 ? only[1] : undefined;
}

export function Sent(props: { payload: string }) {
  const text = () => textOf(props.payload);
  return (
    <div class="ml-auto max-w-[80%] rounded-xl rounded-br-sm bg-accent-soft px-3.5 py-2">
      <pre class={text() === undefined ? 'font-mono text-xs/5 break-words whitespace-pre-wrap' : words}>
        {text() ?? indentJson(props.payload)}
      </pre>
    </div>
  );
}

interface AnswerProps {
  event: EventDetailFragment;
  refetch: () => void;
  onGrow: () => void;
}

/** What the agent says, as far as it has come; `refetch` is called when it has said all. */
function createProgress(props: AnswerProps) {
  const [progress, setProgress] = createSignal(noProgress);
  const pending = () => props.event.status === 'PENDING';
  createSubscription(EventProgressDocument, () => (pending() ? { eventId: props.event.id } : undefined), {
    started: () => void setProgress(noProgress),
    message: ({ eventProgress }) => {
      if (setProgress((before) => advance(before, eventProgress)).done) props.refetch();
    },
  });
  createEffect(() => {
    progress();
    pending();
    props.onGrow();
  });
  return progress;
}

function Answer(props: AnswerProps) {
  const progress = createProgress(props);
  const reply = () => (props.event.reply === null ? undefined : decodeLiteral(props.event.reply));
  return (
    <div class="flex max-w-[80%] flex-col gap-1.5">
      <div class="w-fit max-w-full rounded-xl rounded-bl-sm border border-line bg-panel px-3.5 py-2">
        <Said event={props.event} reply={reply()} soFar={progress().text} />
      </div>
      <Standing event={props.event} reply={reply()} />
    </div>
  );
}

/** The answer, why there is none, or what has come of it. */
function Said(props: { event: EventDetailFragment; reply: string | undefined; soFar: string }) {
  return (
    <Switch fallback={<p class="animate-breathe text-ink-2">{props.event.agentId} has not answered yet…</p>}>
      <Match when={props.reply !== undefined}>
        <pre class={words} data-testid="reply">
          {props.reply}
        </pre>
      </Match>
      <Match when={props.event.error}>
        {(error) => (
          <p>
            <ErrorCode code={error().code} /> {error().message}
          </p>
        )}
      </Match>
      <Match when={props.event.contentDeletedAt}>
        <p class="text-ink-2">What was said here is deleted.</p>
      </Match>
      <Match when={props.soFar}>
        <pre class={words} data-testid="stream" aria-busy="true">
          {props.soFar}
        </pre>
      </Match>
    </Switch>
  );
}

/** How the event stands, and what can be done with it. */
function Standing(props: { event: EventDetailFragment; reply: string | undefined }) {
  const organization = useOrganization();
  return (
    <p class="flex flex-wrap items-center gap-x-3 gap-y-1 text-xs text-ink-3">
      <StatusBadge status={props.event.status} />
      <Show when={props.event.latencyMs !== null}>
        <span>{latency(props.event.latencyMs)}</span>
      </Show>
      <Ago at={props.event.acceptedAt} />
      <A
        href={`/${organization().slug}/events/${props.event.eventId}`}
        class="rounded font-medium text-accent-ink hover:underline"
      >
        Inspect
      </A>
      <Show when={props.reply}>{(text) => <CopyButton text={text()} what="answer" />}</Show>
    </p>
  );
}
