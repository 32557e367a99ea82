import CircleCheck from 'lucide-solid/icons/circle-check';
import CircleX from 'lucide-solid/icons/circle-x';
import { Show, createEffect, createSignal, on } from 'solid-js';
import type { ReachQuery } from '../../api/generated/graphql.ts';
import { ReachDocument } from '../../api/generated/graphql.ts';
import { createQuery } from '../../api/query.ts';
import { exactly } from '../../format/time.ts';
import { Picker } from '../connectable/picker.tsx';
import type { AgentFound } from './agent-body.tsx';

type Reach = NonNullable<ReachQuery['reach']>;

/** May an app reach this agent? Judged by the server as a real event would be, without sending one. */
export function DryRun(props: { agent: AgentFound }) {
  const [app, setApp] = createSignal<string>();
  const reach = createQuery(ReachDocument, () => {
    const appId = app();
    return appId ? { appId, agentId: props.agent.id } : undefined;
  });
  createEffect(
    on(
      () => [props.agent.active, props.agent.restricted],
      () => reach.refetch(),
      { defer: true },
    ),
  );
  return (
    <div class="flex flex-col gap-2 border-t border-line px-4 py-3">
      <div class="flex flex-wrap items-center gap-2">
        <span class="text-ink-2" aria-hidden="true">
          May it be reached by
        </span>
        <Picker
          kind="app"
          label="May it be reached by"
          value={app()}
          onChoose={setApp}
          class="min-w-0 flex-1"
        />
      </div>
      <div aria-live="polite" class="min-h-5">
        <Show when={app() ? reach.data?.reach : undefined}>
          {(found) => <Verdict reach={found()} queueSeconds={props.agent.queueSeconds} />}
        </Show>
        <Show when={!app()}>
          <p class="text-xs text-ink-3">A dry run: nothing is sent.</p>
        </Show>
      </div>
    </div>
  );
}

function Verdict(props: { reach: Reach; queueSeconds: number }) {
  const passes = () => props.reach.allowed && props.reach.app.active;
  const names = () => [props.reach.app.name, props.reach.agent.name] as const;
  const because = (): string => {
    if (!props.reach.allowed) return `${props.reach.message ?? ''} (${props.reach.code ?? ''})`;
    if (!props.reach.app.active) return 'The app is deactivated, so it cannot connect.';
    return props.reach.agent.restricted ? 'It is on the allowlist.' : 'The agent is open to every app.';
  };
  return (
    <div class="flex gap-2">
      <Show when={passes()} fallback={<CircleX class="mt-0.5 size-4 shrink-0 text-bad" aria-hidden="true" />}>
        <CircleCheck class="mt-0.5 size-4 shrink-0 text-ok" aria-hidden="true" />
      </Show>
      <p class="wrap-anywhere">
        <span class="font-medium">
          {passes() ? 'Yes' : 'No'}: {names()[0]} {passes() ? 'may' : 'cannot'} reach {names()[1]}.
        </span>{' '}
        <span class="text-ink-2">{because()}</span>
        <Show when={passes() && !props.reach.agent.connection.connected}>
          <span class="block text-xs text-wait">
            The agent is not connected: events wait for it, at most {exactly(props.queueSeconds)}.
          </span>
        </Show>
      </p>
    </div>
  );
}
