import X from 'lucide-solid/icons/x';
import { For, Show, createSignal } from 'solid-js';
import { DisallowAppDocument } from '../../api/generated/graphql.ts';
import { mutate } from '../../api/mutate.ts';
import { useOrganization, useReadOnlyReason } from '../../api/session.tsx';
import { Button } from '../../ui/button.tsx';
import { Panel } from '../../ui/page.tsx';
import { ConfirmDialog } from '../connectable/confirm-dialog.tsx';
import type { AgentFound } from './agent-body.tsx';
import { AllowlistDialog } from './allowlist-dialog.tsx';
import { DryRun } from './dry-run.tsx';

type Entry = AgentFound['allowlist']['edges'][number]['node'];

/** Which apps may reach an agent. Empty means all of them, so removing the last entry is asked about. */
export function Allowlist(props: { agent: AgentFound }) {
  const organization = useOrganization();
  const readOnly = useReadOnlyReason();
  const [choosing, setChoosing] = createSignal(false);
  const [asking, setAsking] = createSignal<Entry>();
  const [problem, setProblem] = createSignal<string>();
  let panel: HTMLDivElement | undefined;
  const entries = () => props.agent.allowlist.edges.map(({ node }) => node);
  const disallow = async (app: Entry) => {
    const variables = { input: { agentId: props.agent.id, appId: app.id } };
    const { failure } = await mutate(DisallowAppDocument, variables);
    setProblem(failure?.message);
    // The button that had the focus leaves with its row.
    if (!failure && !asking()) panel?.querySelector('button')?.focus();
    return failure;
  };
  const remove = (app: Entry): void => {
    if (entries().length === 1) setAsking(app);
    else void disallow(app);
  };
  const confirm = async () => {
    const app = asking();
    return app && disallow(app);
  };
  return (
    <Panel
      title="Allowlist"
      note={props.agent.restricted ? 'only these apps' : 'open to every app'}
      actions={
        <Button class="h-7! px-2!" disabledReason={readOnly()} onClick={() => setChoosing(true)}>
          Choose apps
        </Button>
      }
    >
      <div ref={panel}>
        <Show
          when={entries().length > 0}
          fallback={
            <p class="px-4 py-3 text-ink-2">
              No restriction: every app of {organization().name} may send events to this agent. Choosing an
              app shuts out all the others.
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
                      onClick={() => remove(app)}
                    >
                      <X class="size-3.5" aria-hidden="true" />
                    </Button>
                  </span>
                </li>
              )}
            </For>
          </ul>
        </Show>
        <Show when={problem()}>
          <p role="alert" class="px-4 pb-2 text-xs text-bad">
            {problem()}
          </p>
        </Show>
      </div>
      <DryRun agent={props.agent} />
      <AllowlistDialog agent={props.agent} open={choosing()} onClose={() => setChoosing(false)} />
      <ConfirmDialog
        open={asking() !== undefined}
        title="Open this agent to every app?"
        action="Remove and open"
        danger
        onClose={() => setAsking(undefined)}
        onConfirm={confirm}
      >
        <p class="text-ink-2">
          {asking()?.name} is the last app on the list. Without it, every app of {organization().name} may
          reach {props.agent.name}.
        </p>
      </ConfirmDialog>
    </Panel>
  );
}
