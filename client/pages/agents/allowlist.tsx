import X from 'lucide-solid/icons/x';
import { For, Match, Show, Switch, createEffect, createSignal, on } from 'solid-js';
import type { AllowlistQuery } from '../../api/generated/graphql.ts';
import { DisallowAppDocument } from '../../api/generated/graphql.ts';
import { mutate } from '../../api/mutate.ts';
import { problemText } from '../../api/problem.ts';
import { useOrganization, useReadOnlyReason } from '../../api/session.tsx';
import { Button } from '../../ui/button.tsx';
import { catchFocus } from '../../ui/focus.ts';
import { Panel } from '../../ui/page.tsx';
import { SearchField } from '../../ui/search-field.tsx';
import { Problem, SkeletonRows } from '../../ui/states.tsx';
import { LoadMore } from '../../ui/table.tsx';
import { ConfirmDialog } from '../connectable/confirm-dialog.tsx';
import type { AgentFound } from './agent-body.tsx';
import { AllowlistDialog } from './allowlist-dialog.tsx';
import { createAllowlist } from './allowlist-pages.ts';
import { DryRun } from './dry-run.tsx';

type Entry = NonNullable<AllowlistQuery['agent']>['allowlist']['edges'][number]['node'];

/** A list longer than this is worth searching. */
const LONG = 10;

/** Which apps may reach an agent. Empty means all of them, so removing the last entry is asked about. */
export function Allowlist(props: { agent: AgentFound }) {
  const organization = useOrganization();
  const readOnly = useReadOnlyReason();
  const [search, setSearch] = createSignal('');
  const [choosing, setChoosing] = createSignal(false);
  const [asking, setAsking] = createSignal<Entry>();
  const [removing, setRemoving] = createSignal<string>();
  const [problem, setProblem] = createSignal<string>();
  let panel: HTMLDivElement | undefined;
  const list = createAllowlist(() => props.agent.id, search);
  // The focus leaves with the row that was removed. It goes to what fills the list, never to the removal of another app.
  const next = () => panel?.closest('section')?.querySelector('button');
  let removed = false;
  createEffect(
    on(list.nodes, () => {
      if (removed) catchFocus(next);
      removed = false;
    }),
  );
  const disallow = async (app: Entry) => {
    setRemoving(app.id);
    const variables = { input: { agentId: props.agent.id, appId: app.id } };
    const { failure } = await mutate(DisallowAppDocument, variables);
    setRemoving(undefined);
    setProblem(failure?.message);
    removed = !failure;
    return failure;
  };
  const remove = (app: Entry): void => {
    if (props.agent.allowlist.edges.length === 1) setAsking(app);
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
        <Show when={search() || list.nodes().length > LONG}>
          <div class="border-b border-line p-2">
            <SearchField label="Search the allowlist" value={search()} onSearch={setSearch} />
          </div>
        </Show>
        <Switch>
          <Match when={!props.agent.restricted}>
            <p class="px-4 py-3 text-ink-2">
              No restriction: every app of {organization().name} may send events to this agent. Choosing an
              app shuts out all the others.
            </p>
          </Match>
          <Match when={list.nodes().length > 0}>
            <ul class="max-h-82 divide-y divide-line overflow-y-auto">
              <For each={list.nodes()}>
                {(app) => (
                  <li class="flex min-h-10 items-center gap-3 px-4 py-1">
                    <span class="truncate font-medium">{app.name}</span>
                    <code class="truncate font-mono text-xs text-ink-3 max-sm:hidden">{app.appId}</code>
                    <span class="ml-auto">
                      <Button
                        variant="ghost"
                        aria-label={`Remove ${app.name}`}
                        class="h-7! px-1.5!"
                        busy={removing() === app.id}
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
            <LoadMore what="apps" list={list} />
          </Match>
          <Match when={list.error()}>
            {(error) => <Problem onRetry={list.refetch}>{problemText(error())}</Problem>}
          </Match>
          <Match when={list.loading()}>
            <SkeletonRows rows={2} />
          </Match>
          <Match when={search()}>
            <p class="px-4 py-3 text-ink-2">No app on the list is called that.</p>
          </Match>
        </Switch>
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
