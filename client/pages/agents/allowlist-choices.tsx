import { For, Match, Show, Switch, createSignal } from 'solid-js';
import type { AppChoicesQuery } from '../../api/generated/graphql.ts';
import { AppChoicesDocument } from '../../api/generated/graphql.ts';
import { createPages } from '../../api/pages.ts';
import { problemText } from '../../api/problem.ts';
import { useOrganization } from '../../api/session.tsx';
import { count } from '../../format/number.ts';
import { Tag } from '../../ui/badge.tsx';
import { SearchField } from '../../ui/search-field.tsx';
import { Problem, SkeletonRows } from '../../ui/states.tsx';
import { LoadMore } from '../../ui/table.tsx';

interface AllowlistChoicesProps {
  /** Undefined while it is not known. */
  ticked: ReadonlySet<string> | undefined;
  problem: string | undefined;
  onRetry: () => void;
  onTick: (id: string, on: boolean) => void;
}

/** The apps of the organization, each with a box to tick. */
export function AllowlistChoices(props: AllowlistChoicesProps) {
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
                <Choice app={app} ticked={props.ticked?.has(app.id) === true} onTick={props.onTick} />
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

interface ChoiceProps {
  app: NonNullable<AppChoicesQuery['organization']>['apps']['edges'][number]['node'];
  ticked: boolean;
  onTick: (id: string, on: boolean) => void;
}

function Choice(props: ChoiceProps) {
  return (
    <label class="flex min-h-9 items-center gap-2.5 border-b border-line px-3 py-1.5 last:border-b-0 hover:bg-hover">
      <input
        type="checkbox"
        class="size-4 shrink-0 accent-accent"
        checked={props.ticked}
        onChange={(event) => props.onTick(props.app.id, event.currentTarget.checked)}
      />
      <span class="truncate font-medium">{props.app.name}</span>
      <code class="truncate font-mono text-xs text-ink-2">{props.app.slug}</code>
      <Show when={!props.app.active}>
        <Tag>inactive</Tag>
      </Show>
    </label>
  );
}
