import { For, Match, Show, Switch, createEffect, createSignal, on } from 'solid-js';
import { AppChoicesDocument, ChangeAllowlistDocument } from '../../api/generated/graphql.ts';
import type { Failure } from '../../api/mutate.ts';
import { mutate } from '../../api/mutate.ts';
import { createPages } from '../../api/pages.ts';
import { problemText } from '../../api/problem.ts';
import { useOrganization } from '../../api/session.tsx';
import { count } from '../../format/number.ts';
import { allowlistChange, allowlistEffect } from '../../format/allowlist.ts';
import { Tag } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { Dialog, DialogActions } from '../../ui/dialog.tsx';
import { Notice, Problem, SkeletonRows } from '../../ui/states.tsx';
import { LoadMore } from '../../ui/table.tsx';
import { SearchField } from '../../ui/search-field.tsx';
import type { AgentFound } from './agent-body.tsx';
import { wholeAllowlist } from './allowlist-pages.ts';

interface AllowlistDialogProps {
  agent: AgentFound;
  open: boolean;
  onClose: () => void;
}

/** Chooses all apps of an allowlist at once, and says beforehand what that will mean. */
export function AllowlistDialog(props: AllowlistDialogProps) {
  const [ticked, setTicked] = createSignal<ReadonlySet<string>>(new Set());
  /** Undefined until all of the list is read: what is ticked beyond its first page must be known. */
  const [listed, setListed] = createSignal<ReadonlySet<string>>();
  const [problem, setProblem] = createSignal<string>();
  const [busy, setBusy] = createSignal(false);
  const [failure, setFailure] = createSignal<Failure>();
  const before = () => listed() ?? new Set<string>();
  // Once for each time it is opened: what is ticked must survive live updates of the agent behind the dialog.
  const read = async (): Promise<void> => {
    setProblem(undefined);
    setListed(undefined);
    try {
      const found = await wholeAllowlist(props.agent.id);
      setTicked(found);
      setListed(found);
    } catch (error) {
      setProblem((error as Error).message);
    }
  };
  createEffect(
    on(
      () => props.open,
      (open) => {
        if (!open) return;
        setFailure(undefined);
        void read();
      },
    ),
  );
  const change = () => allowlistChange(before(), ticked());
  const effect = () => (listed() ? allowlistEffect(before().size, ticked().size) : null);
  const untouched = () => change().allow.length + change().disallow.length === 0;
  const tick = (id: string, on: boolean): void => {
    const next = new Set(ticked());
    if (on) next.add(id);
    else next.delete(id);
    setTicked(next);
  };
  const save = async (): Promise<void> => {
    if (busy()) return;
    setBusy(true);
    const input = { agentId: props.agent.id, ...change() };
    const { failure: refused } = await mutate(ChangeAllowlistDocument, { input });
    setBusy(false);
    setFailure(refused);
    if (!refused) props.onClose();
  };
  return (
    <Dialog
      open={props.open}
      onClose={() => props.onClose()}
      title={`Who may reach ${props.agent.name}?`}
      description="Only the ticked apps may. With none ticked, every app may."
    >
      <div class="flex flex-col gap-3">
        <Show when={failure()}>{(refused) => <Notice tone="bad">{refused().message}</Notice>}</Show>
        <Choices
          ticked={listed() && ticked()}
          problem={problem()}
          onRetry={() => void read()}
          onTick={tick}
        />
        <Show when={effect() === 'opens'}>
          <Notice tone="bad">
            No app is ticked: without a list, every app of the organization may reach {props.agent.name}.
          </Notice>
        </Show>
        <Show when={effect() === 'closes'}>
          <Notice tone="wait">
            Until now every app may reach {props.agent.name}. Events of those not ticked will be rejected.
          </Notice>
        </Show>
      </div>
      <DialogActions>
        <Button variant="ghost" onClick={() => props.onClose()}>
          Cancel
        </Button>
        <Button
          variant={effect() === 'opens' ? 'danger' : 'primary'}
          busy={busy()}
          disabledReason={untouched() ? 'Nothing has changed.' : undefined}
          onClick={() => void save()}
        >
          {effect() === 'opens' ? 'Open to every app' : 'Save allowlist'}
        </Button>
      </DialogActions>
    </Dialog>
  );
}

interface ChoicesProps {
  /** Undefined while it is not known. */
  ticked: ReadonlySet<string> | undefined;
  problem: string | undefined;
  onRetry: () => void;
  onTick: (id: string, on: boolean) => void;
}

function Choices(props: ChoicesProps) {
  const organization = useOrganization();
  const [search, setSearch] = createSignal('');
  const apps = createPages(
    AppChoicesDocument,
    () => ({ org: organization().slug, search: search() || null }),
    (data) => data.organization?.apps,
  );
  return (
    <div class="flex flex-col gap-2">
      <div class="flex items-center justify-between gap-3">
        <SearchField label="Search apps" value={search()} onSearch={setSearch} />
        <span class="text-xs whitespace-nowrap text-ink-3" aria-live="polite">
          {props.ticked ? `${count(props.ticked.size)} ticked` : ''}
        </span>
      </div>
      <div class="h-64 overflow-y-auto rounded-md border border-line" role="group" aria-label="Apps">
        <Switch>
          <Match when={props.problem}>
            {(problem) => <Problem onRetry={() => props.onRetry()}>{problem()}</Problem>}
          </Match>
          <Match when={props.ticked && apps.nodes().length > 0}>
            <For each={apps.nodes()}>
              {(app) => (
                <label class="flex min-h-9 items-center gap-2.5 border-b border-line px-3 py-1.5 last:border-b-0 hover:bg-hover">
                  <input
                    type="checkbox"
                    class="size-4 shrink-0 accent-accent"
                    checked={props.ticked?.has(app.id)}
                    onChange={(event) => props.onTick(app.id, event.currentTarget.checked)}
                  />
                  <span class="truncate font-medium">{app.name}</span>
                  <code class="truncate font-mono text-xs text-ink-2">{app.slug}</code>
                  <Show when={!app.active}>
                    <Tag>inactive</Tag>
                  </Show>
                </label>
              )}
            </For>
            <LoadMore what="apps" list={apps} />
          </Match>
          <Match when={apps.loading() || !props.ticked}>
            <SkeletonRows rows={4} />
          </Match>
          <Match when={apps.error()}>
            {(error) => <Problem onRetry={apps.refetch}>{problemText(error())}</Problem>}
          </Match>
          <Match when={true}>
            <p class="p-4 text-center text-ink-2">No app fits.</p>
          </Match>
        </Switch>
      </div>
    </div>
  );
}
