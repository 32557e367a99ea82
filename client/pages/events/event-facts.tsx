import { A } from '@solidjs/router';
import { Show } from 'solid-js';
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
  const href = useEventHref();
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
                {props.event.agentId}
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
        <Show when={props.event.resendOf}>
          {(first) => (
            <Fact name="Resent from">
              <A class={`${link} font-mono text-xs break-all`} href={href(first().eventId)} noScroll>
                {first().eventId}
              </A>
            </Fact>
          )}
        </Show>
      </Facts>
    </Panel>
  );
}
