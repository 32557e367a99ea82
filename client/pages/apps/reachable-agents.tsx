import { A } from '@solidjs/router';
import { For } from 'solid-js';
import { AppReachDocument } from '../../api/generated/graphql.ts';
import { createPages } from '../../api/pages.ts';
import { useOrganization } from '../../api/session.tsx';
import { ConnectionBadge } from '../../ui/badge.tsx';
import { Listed } from '../../ui/listed.tsx';
import { Panel } from '../../ui/page.tsx';
import { Empty } from '../../ui/states.tsx';

export function ReachableAgents(props: { appId: string }) {
  const organization = useOrganization();
  const list = createPages(
    AppReachDocument,
    () => ({ id: props.appId }),
    (data) => data.app?.reachableAgents,
  );
  return (
    <Panel title="Agents This App Can Reach">
      <Listed
        list={list}
        what="agents"
        guess={3}
        empty={
          <Empty title="No agents in reach">
            There is no active agent in this organization that lets this app through. An agent with an
            allowlist is reached only by the apps on it.
          </Empty>
        }
      >
        <ul class="max-h-62 divide-y divide-line overflow-y-auto">
          <For each={list.nodes()}>
            {(agent) => (
              <li class="relative flex min-h-10 items-center gap-3 px-4 py-1.5 hover:bg-hover">
                <A
                  href={`/${organization().slug}/agents/${encodeURIComponent(agent.id)}`}
                  class="font-medium wrap-anywhere after:absolute after:inset-0"
                >
                  {agent.name}
                </A>
                <code class="truncate font-mono text-xs text-ink-3 max-sm:hidden">{agent.agentId}</code>
                <span class="ml-auto">
                  <ConnectionBadge connected={agent.connection.connected} />
                </span>
              </li>
            )}
          </For>
        </ul>
      </Listed>
    </Panel>
  );
}
