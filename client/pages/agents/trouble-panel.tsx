import { A } from '@solidjs/router';
import { For, Show, createSignal } from 'solid-js';
import { AllowAppDocument, ReachDocument } from '../../api/generated/graphql.ts';
import { mutate } from '../../api/mutate.ts';
import { createQuery } from '../../api/query.ts';
import { refetchOnScreen } from '../../api/socket.ts';
import { useOrganization, useReadOnlyReason } from '../../api/session.tsx';
import { codeMeaning } from '../../format/error-code.ts';
import { count } from '../../format/number.ts';
import { StatusBadge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { Panel } from '../../ui/page.tsx';
import type { AgentFound } from './agent-body.tsx';

const rejecting = new Set(['NOT_ALLOWED', 'AGENT_NOT_FOUND']);

/** Why events to this agent failed or were rejected, and what can be done about it. */
export function TroublePanel(props: { agent: AgentFound }) {
  const organization = useOrganization();
  const logs = (query: string): string =>
    `/${organization().slug}/events?agent=${encodeURIComponent(props.agent.id)}&range=24h&${query}`;
  return (
    <Panel title="What went wrong" note="last 24 hours">
      <Show
        when={props.agent.errors.length > 0}
        fallback={<p class="px-4 py-3 text-ink-2">Nothing failed or was rejected.</p>}
      >
        <ul class="divide-y divide-line">
          <For each={props.agent.errors}>
            {(error) => (
              <li class="relative flex min-h-11 items-center gap-3 px-4 py-2 hover:bg-hover">
                <span class="w-20 shrink-0">
                  <StatusBadge status={rejecting.has(error.code) ? 'REJECTED' : 'FAILED'} />
                </span>
                <span class="min-w-0 flex-1">
                  <A
                    href={logs(`code=${encodeURIComponent(error.code)}`)}
                    class="font-mono text-xs font-medium wrap-anywhere after:absolute after:inset-0"
                  >
                    {error.code}
                  </A>
                  <span class="block text-xs text-ink-3">{codeMeaning(error.code)}</span>
                </span>
                <span class="font-medium">{count(error.count)}</span>
              </li>
            )}
          </For>
        </ul>
        <Show when={props.agent.rejections.length > 0}>
          <h3 class="border-t border-line px-4 pt-3 pb-1 text-xs font-medium text-ink-3">
            Who was turned away
          </h3>
          <ul class="divide-y divide-line">
            <For each={props.agent.rejections}>
              {(rejection) => <TurnedAway agent={props.agent} rejection={rejection} />}
            </For>
          </ul>
        </Show>
      </Show>
    </Panel>
  );
}

function TurnedAway(props: { agent: AgentFound; rejection: AgentFound['rejections'][number] }) {
  const readOnly = useReadOnlyReason();
  const [problem, setProblem] = createSignal<string>();
  const [busy, setBusy] = createSignal(false);
  const app = () => props.rejection.app;
  const reach = createQuery(ReachDocument, () =>
    props.agent.active && props.agent.restricted ? { appId: app().id, agentId: props.agent.id } : undefined,
  );
  const through = () =>
    props.agent.active && (!props.agent.restricted || reach.data?.reach?.allowed === true);
  const allow = async (): Promise<void> => {
    setBusy(true);
    const input = { agentId: props.agent.id, appId: app().id };
    const { failure } = await mutate(AllowAppDocument, { input });
    setBusy(false);
    setProblem(failure?.message);
    if (!failure) refetchOnScreen();
  };
  return (
    <li class="flex min-h-11 flex-wrap items-center gap-x-3 gap-y-1 px-4 py-1.5">
      <span class="min-w-0 flex-1">
        <span class="font-medium wrap-anywhere">{app().name}</span>
        <span class="ml-2 text-xs text-ink-3">
          {count(props.rejection.count)} × {props.rejection.code}
        </span>
        <Show when={problem()}>
          <span role="alert" class="block text-xs text-bad">
            {problem()}
          </span>
        </Show>
      </span>
      <Show when={!through()} fallback={<span class="text-xs text-ink-3">gets through now</span>}>
        <Show
          when={props.agent.active}
          fallback={<span class="text-xs text-ink-3">the agent is deactivated</span>}
        >
          <Button
            class="h-7! px-2!"
            aria-label={`Allow ${app().name}`}
            busy={busy()}
            disabledReason={readOnly()}
            onClick={() => void allow()}
          >
            Allow
          </Button>
        </Show>
      </Show>
    </li>
  );
}
