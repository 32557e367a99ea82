import { A } from '@solidjs/router';
import { For, Show } from 'solid-js';
import type { OverviewQuery } from '../../api/generated/graphql.ts';
import { useOrganization } from '../../api/session.tsx';
import { Presence } from '../../ui/presence.tsx';
import { Panel } from '../../ui/page.tsx';
import { Empty } from '../../ui/states.tsx';

type Organization = NonNullable<OverviewQuery['organization']>;

interface Side {
  id: string;
  name: string;
  slug: string;
  active: boolean;
  connection: Parameters<typeof Presence>[0]['connection'];
}

const SHOWN = 6;

/** Apps and agents side by side, the connected ones first. */
export function Connected(props: { overview: Organization }) {
  const apps = () => props.overview.apps.edges.map(({ node }): Side => ({ ...node, slug: node.appId }));
  const agents = () => props.overview.agents.edges.map(({ node }): Side => ({ ...node, slug: node.agentId }));
  return (
    <div class="grid gap-5 lg:grid-cols-2 max-sm:gap-4">
      <Sides title="Apps" path="apps" sides={apps()} more={props.overview.apps.pageInfo.hasNextPage} />
      <Sides
        title="Agents"
        path="agents"
        sides={agents()}
        more={props.overview.agents.pageInfo.hasNextPage}
      />
    </div>
  );
}

function Sides(props: { title: string; path: string; sides: Side[]; more: boolean }) {
  const organization = useOrganization();
  const active = () => props.sides.filter((side) => side.active);
  const connected = () => active().filter(({ connection }) => connection.connected).length;
  const shown = () =>
    [...active()]
      .sort((a, b) => Number(b.connection.connected) - Number(a.connection.connected))
      .slice(0, SHOWN);
  const all = (): string => `/${organization().slug}/${props.path}`;
  return (
    <Panel
      title={props.title}
      note={`${connected()} of ${active().length}${props.more ? '+' : ''} connected`}
      actions={
        <A href={all()} class="rounded text-xs font-medium text-accent-ink hover:underline">
          All {props.path}
        </A>
      }
    >
      <Show when={shown().length > 0} fallback={<Empty title={`No ${props.path} yet`} />}>
        <ul class="divide-y divide-line">
          <For each={shown()}>
            {(side) => (
              <li class="relative flex min-h-12 items-center gap-3 px-4 py-1.5 hover:bg-hover">
                <A
                  href={`${all()}/${encodeURIComponent(side.id)}`}
                  class="truncate font-medium after:absolute after:inset-0"
                >
                  {side.name}
                </A>
                <code class="truncate font-mono text-xs text-ink-3 max-sm:hidden">{side.slug}</code>
                <span class="ml-auto w-36 shrink-0">
                  <Presence connection={side.connection} />
                </span>
              </li>
            )}
          </For>
        </ul>
      </Show>
    </Panel>
  );
}
