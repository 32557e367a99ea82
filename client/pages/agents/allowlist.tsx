import { Match, Show, Switch, createSignal } from 'solid-js';
import { problemText } from '../../api/problem.ts';
import { useOrganization, useReadOnlyReason } from '../../api/session.tsx';
import { Button } from '../../ui/button.tsx';
import { Panel } from '../../ui/page.tsx';
import { SearchField } from '../../ui/search-field.tsx';
import { Problem, SkeletonRows } from '../../ui/states.tsx';
import { ConfirmDialog } from '../connectable/confirm-dialog.tsx';
import type { AgentFound } from './agent-body.tsx';
import { AllowlistDialog } from './allowlist-dialog.tsx';
import { AllowlistEntries } from './allowlist-entries.tsx';
import { createAllowlist } from './allowlist-pages.ts';
import { createRemoval } from './allowlist-removal.ts';
import { DryRun } from './dry-run.tsx';

/** A list longer than this is worth searching; so many entries and one more come with the agent. */
const LONG = 10;

/** Which apps may reach an agent. Empty means all of them, so removing the last entry is asked about. */
export function Allowlist(props: { agent: AgentFound }) {
  const readOnly = useReadOnlyReason();
  const [choosing, setChoosing] = createSignal(false);
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
      <Listed agent={props.agent} />
      <DryRun agent={props.agent} />
      <AllowlistDialog agent={props.agent} open={choosing()} onClose={() => setChoosing(false)} />
    </Panel>
  );
}

function Listed(props: { agent: AgentFound }) {
  const organization = useOrganization();
  const [search, setSearch] = createSignal('');
  let panel: HTMLDivElement | undefined;
  const known = () => props.agent.allowlist.edges.length;
  const list = createAllowlist(() => props.agent.id, search);
  const removal = createRemoval(
    () => props.agent,
    list.nodes,
    () => panel?.closest('section')?.querySelector('button'),
  );
  return (
    <div ref={panel}>
      <Show when={search() || known() > LONG}>
        <div class="border-b border-line p-2">
          <SearchField label="Search the allowlist" value={search()} onSearch={setSearch} />
        </div>
      </Show>
      <Switch>
        <Match when={!props.agent.restricted}>
          <p class="px-4 py-3 text-ink-2">
            No restriction: every app of {organization().name} may send events to this agent. Choosing an app
            shuts out all the others.
          </p>
        </Match>
        <Match when={list.nodes().length > 0}>
          <AllowlistEntries list={list} removing={removal.removing()} onRemove={removal.remove} />
        </Match>
        <Match when={list.error()}>
          {(error) => <Problem onRetry={list.refetch}>{problemText(error())}</Problem>}
        </Match>
        <Match when={list.loading()}>
          <div class="max-h-82 overflow-hidden">
            <SkeletonRows rows={search() ? 2 : known()} />
          </div>
        </Match>
        <Match when={search()}>
          <p class="px-4 py-3 text-ink-2">No app on the list is called that.</p>
        </Match>
      </Switch>
      <Show when={removal.problem()}>
        <p role="alert" class="px-4 pb-2 text-xs text-bad">
          {removal.problem()}
        </p>
      </Show>
      <LastRemoval agent={props.agent} removal={removal} />
    </div>
  );
}

function LastRemoval(props: { agent: AgentFound; removal: ReturnType<typeof createRemoval> }) {
  const organization = useOrganization();
  return (
    <ConfirmDialog
      open={props.removal.asking() !== undefined}
      title="Open this agent to every app?"
      action="Remove and open"
      danger
      onClose={props.removal.cancel}
      onConfirm={props.removal.confirm}
    >
      <p class="text-ink-2">
        {props.removal.asking()?.name} is the last app on the list. Without it, every app of{' '}
        {organization().name} may reach {props.agent.name}.
      </p>
    </ConfirmDialog>
  );
}
