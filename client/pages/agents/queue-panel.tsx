import { A } from '@solidjs/router';
import type { JSX } from 'solid-js';
import { Show } from 'solid-js';
import { useOrganization } from '../../api/session.tsx';
import { count } from '../../format/number.ts';
import { Figure } from '../../ui/figure.tsx';
import { Panel } from '../../ui/page.tsx';
import type { AgentFound } from './agent-body.tsx';

const MOST_COUNTED = 1_000;

/** What waits, what is being answered, and what ran out of time. */
export function QueuePanel(props: { agent: AgentFound }) {
  const organization = useOrganization();
  const pending = () => props.agent.pendingCount;
  const inFlight = () => props.agent.inFlightCount;
  const waiting = (): string => {
    if (pending() >= MOST_COUNTED) return '1,000 or more';
    return count(Math.max(0, pending() - (inFlight() ?? 0)));
  };
  const room = () => props.agent.maxInFlight * props.agent.connection.instances.length;
  const timeouts = () => props.agent.errors.find(({ code }) => code === 'AGENT_TIMEOUT')?.count ?? 0;
  const logs = (query: string): string =>
    `/${organization().slug}/events?agent=${encodeURIComponent(props.agent.id)}&${query}`;
  return (
    <Panel title="Queue">
      <dl class="grid grid-cols-3 gap-4 p-4">
        <Figure
          name="Waiting"
          value={<Linked href={logs('status=pending')}>{waiting()}</Linked>}
          note={pending() > 0 && !props.agent.connection.connected ? 'until it connects' : undefined}
        />
        <Figure
          name="In flight"
          value={
            <Show when={inFlight() != null} fallback="–">
              {count(inFlight() ?? 0)}
            </Show>
          }
          note={room() > 0 ? `of ${count(room())}` : undefined}
        />
        <Figure
          name="Timeouts, 24 h"
          value={<Linked href={logs('code=AGENT_TIMEOUT&range=24h')}>{count(timeouts())}</Linked>}
        />
      </dl>
    </Panel>
  );
}

function Linked(props: { href: string; children: JSX.Element }) {
  return (
    <A href={props.href} class="rounded underline-offset-2 hover:underline">
      {props.children}
    </A>
  );
}
