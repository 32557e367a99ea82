import { A } from '@solidjs/router';
import { For, Show } from 'solid-js';
import type { EventDetailFragment } from '../../api/generated/graphql.ts';
import { useOrganization } from '../../api/session.tsx';
import { latency } from '../../format/number.ts';
import { exactUtc } from '../../format/time.ts';
import { Id } from '../../ui/copy.tsx';
import { Fact, Facts, Panel } from '../../ui/page.tsx';
import { useEventHref } from './event-place.tsx';

const link = 'rounded font-medium text-accent-ink hover:underline';

export function EventFacts(props: { event: EventDetailFragment }) {
  const organization = useOrganization();
  const at = (path: string): string => `/${organization().slug}/${path}`;
  return (
    <Panel title="Details" class="[&_dt]:w-22">
      <Facts>
        <Fact name="App">
          <A class={link} href={at(`apps/${encodeURIComponent(props.event.app.id)}`)}>
            {props.event.app.name}
          </A>
        </Fact>
        <Fact name="Agent">
          <Show
            when={props.event.agent}
            fallback={<code class="font-mono text-xs">{props.event.agentId}</code>}
          >
            {(agent) => (
              <A class={link} href={at(`agents/${encodeURIComponent(agent().id)}`)}>
                {agent().name}
              </A>
            )}
          </Show>
        </Fact>
        <Fact name="Thread">
          <Id text={props.event.threadId} what="thread" />
        </Fact>
        <Fact name="Session key">
          <Id text={props.event.sessionKey} what="session key" />
        </Fact>
        <Fact name="Latency">{latency(props.event.latencyMs)}</Fact>
        <Fact name="Attempts">{props.event.attempts}</Fact>
        <Fact name="Accepted">
          <span class="text-xs">{exactUtc(props.event.acceptedAt)}</span>
        </Fact>
        <Settling event={props.event} />
        <Resends event={props.event} />
      </Facts>
    </Panel>
  );
}

/** When it was settled and handed over. */
function Settling(props: { event: EventDetailFragment }) {
  return (
    <>
      <Show when={props.event.settledAt}>
        {(settled) => (
          <Fact name="Settled">
            <span class="text-xs">{exactUtc(settled())}</span>
          </Fact>
        )}
      </Show>
      <Show when={props.event.status !== 'PENDING' && props.event.handOver}>
        <Fact name="Handed over">
          <Show when={props.event.handedOverAt} fallback={<span class="text-ink-3">Not yet</span>}>
            {(handed) => <span class="text-xs">{exactUtc(handed())}</span>}
          </Show>
        </Fact>
      </Show>
    </>
  );
}

/** The event it repeats, and those that repeat it. */
function Resends(props: { event: EventDetailFragment }) {
  return (
    <>
      <Show when={props.event.resendOf}>
        {(first) => (
          <Fact name="Resent from">
            <EventLink id={first().eventId} />
          </Fact>
        )}
      </Show>
      <Show when={props.event.resends.length > 0}>
        <Fact name="Sent again as">
          <ul class="flex max-h-44 flex-col gap-1 overflow-y-auto" aria-label="Sent again as">
            <For each={props.event.resends}>
              {(again) => (
                <li>
                  <EventLink id={again.eventId} />
                </li>
              )}
            </For>
          </ul>
          <Show when={props.event.hasMoreResends}>
            <p class="mt-1 text-xs text-ink-3">The newest {props.event.resends.length}.</p>
          </Show>
        </Fact>
      </Show>
    </>
  );
}

function EventLink(props: { id: string }) {
  const href = useEventHref();
  return (
    <A class={`${link} font-mono text-xs break-all`} href={href(props.id)} noScroll>
      {props.id}
    </A>
  );
}
