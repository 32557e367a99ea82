import X from 'lucide-solid/icons/x';
import { For, Show, createSignal } from 'solid-js';
import { AllowAppDocument, DisallowAppDocument, PickersDocument } from '../../api/generated/graphql.ts';
import { mutate } from '../../api/mutate.ts';
import { createQuery } from '../../api/query.ts';
import { useOrganization, useReadOnlyReason } from '../../api/session.tsx';
import { Button } from '../../ui/button.tsx';
import { Panel } from '../../ui/page.tsx';
import { Select } from '../../ui/select.tsx';
import { ConfirmDialog } from '../connectable/confirm-dialog.tsx';
import type { AgentFound } from './agent-body.tsx';

type Change = { kind: 'allow' | 'disallow'; app: { id: string; name: string } };

/** Which apps may reach an agent. Empty means all of them, so the first and the last entry are asked about. */
export function Allowlist(props: { agent: AgentFound }) {
  const organization = useOrganization();
  const readOnly = useReadOnlyReason();
  const pickers = createQuery(PickersDocument, () => ({ org: organization().slug }));
  const [chosen, setChosen] = createSignal('');
  const [asking, setAsking] = createSignal<Change>();
  const [problem, setProblem] = createSignal<string>();
  let adding: HTMLDivElement | undefined;
  const entries = () => props.agent.allowlist.edges.map(({ node }) => node);
  const candidates = () => {
    const listed = new Set(entries().map(({ id }) => id));
    return (pickers.data?.organization?.apps.edges ?? [])
      .map(({ node }) => node)
      .filter(({ id }) => !listed.has(id));
  };
  const carryOut = async ({ kind, app }: Change) => {
    const variables = { input: { agentId: props.agent.id, appId: app.id } };
    const { failure } =
      kind === 'allow'
        ? await mutate(AllowAppDocument, variables)
        : await mutate(DisallowAppDocument, variables);
    setProblem(failure?.message);
    if (!failure) {
      setChosen('');
      // The button that had the focus leaves with its row.
      if (!asking()) adding?.querySelector('select')?.focus();
    }
    return failure;
  };
  const change = (next: Change): void => {
    const turnsOver = next.kind === 'allow' ? !props.agent.restricted : entries().length === 1;
    if (turnsOver) setAsking(next);
    else void carryOut(next);
  };
  const confirm = async () => {
    const next = asking();
    return next && carryOut(next);
  };
  const add = (): void => {
    const app = candidates().find(({ id }) => id === chosen());
    if (app) change({ kind: 'allow', app });
  };
  return (
    <Panel
      title="Allowlist"
      note={props.agent.restricted ? 'only these apps may reach it' : 'every app may reach it'}
    >
      <Show
        when={entries().length > 0}
        fallback={
          <p class="px-4 py-3 text-ink-2">
            No restriction: every app of {organization().name} may send events to this agent. Adding an app
            shuts out all the others.
          </p>
        }
      >
        <ul class="divide-y divide-line">
          <For each={entries()}>
            {(app) => (
              <li class="flex min-h-10 items-center gap-3 px-4 py-1">
                <span class="truncate font-medium">{app.name}</span>
                <code class="truncate font-mono text-xs text-ink-3 max-sm:hidden">{app.appId}</code>
                <span class="ml-auto">
                  <Button
                    variant="ghost"
                    aria-label={`Remove ${app.name}`}
                    class="h-7! px-1.5!"
                    disabledReason={readOnly()}
                    onClick={() => change({ kind: 'disallow', app })}
                  >
                    <X class="size-3.5" aria-hidden="true" />
                  </Button>
                </span>
              </li>
            )}
          </For>
        </ul>
      </Show>
      <div ref={adding} class="flex flex-wrap gap-2 border-t border-line p-3">
        <Select
          label="App to allow"
          class="min-w-0 flex-1"
          value={chosen()}
          onChange={setChosen}
          options={[
            { value: '', label: candidates().length > 0 ? 'Choose an app…' : 'No other apps' },
            ...candidates().map(({ id, name, appId }) => ({ value: id, label: `${name} (${appId})` })),
          ]}
        />
        <Button disabledReason={readOnly() ?? (chosen() ? undefined : 'Choose an app first.')} onClick={add}>
          Allow
        </Button>
        <Show when={problem()}>
          <p role="alert" class="w-full text-xs text-bad">
            {problem()}
          </p>
        </Show>
      </div>
      <ConfirmDialog
        open={asking() !== undefined}
        title={asking()?.kind === 'allow' ? 'Restrict this agent?' : 'Open this agent to every app?'}
        action={asking()?.kind === 'allow' ? 'Restrict' : 'Remove and open'}
        danger={asking()?.kind === 'disallow'}
        onClose={() => setAsking(undefined)}
        onConfirm={confirm}
      >
        <p class="text-ink-2">
          {asking()?.kind === 'allow'
            ? `From now on only ${asking()?.app.name} may reach ${props.agent.name}. Events of all other apps are rejected.`
            : `${asking()?.app.name} is the last app on the list. Without it, every app of ${organization().name} may reach ${props.agent.name}.`}
        </p>
      </ConfirmDialog>
    </Panel>
  );
}
