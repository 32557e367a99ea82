import { Show } from 'solid-js';
import type { AgentsQuery } from '../../api/generated/graphql.ts';
import { AgentsDocument } from '../../api/generated/graphql.ts';
import { createPages } from '../../api/pages.ts';
import { everyWhileSeen } from '../../api/refresh.ts';
import { useOrganization } from '../../api/session.tsx';
import { ActiveBadge, Tag } from '../../ui/badge.tsx';
import { Presence } from '../../ui/presence.tsx';
import { Cell, Row, RowLink } from '../../ui/table.tsx';
import { ActivityCells, activityColumns } from '../connectable/activity-cells.tsx';
import { ListPage, useListFilter } from '../connectable/list-page.tsx';

const columns = [
  { label: 'Agent' },
  { label: 'Agent ID', wide: true },
  { label: 'Connection' },
  ...activityColumns,
  { label: 'Waiting', wide: true, right: true },
  { label: 'Reached by', wide: true, class: 'max-xl:hidden' },
  { label: 'Status', right: true },
];

type AgentListed = NonNullable<AgentsQuery['organization']>['agents']['edges'][number]['node'];

const REFRESH_MS = 30_000;

export default function Agents() {
  const organization = useOrganization();
  const filter = useListFilter();
  const list = createPages(
    AgentsDocument,
    () => ({ org: organization().slug, first: 50, ...filter.filter() }),
    (data) => data.organization?.agents,
  );
  everyWhileSeen(REFRESH_MS, list.refresh);
  return (
    <ListPage
      kind="agent"
      title="Agents"
      lead="An agent is any service that answers events. Register one to get its token, then let it connect."
      columns={columns}
      list={list}
      filter={filter}
      row={(agent) => <AgentRow agent={agent} org={organization().slug} />}
    />
  );
}

function AgentRow(props: { agent: AgentListed; org: string }) {
  return (
    <Row dim={!props.agent.active}>
      <Cell class="min-w-32">
        <RowLink
          href={`/${props.org}/agents/${encodeURIComponent(props.agent.id)}`}
          class="line-clamp-2 font-medium wrap-anywhere"
          title={props.agent.name}
        >
          {props.agent.name}
        </RowLink>
        <Show
          when={props.agent.description}
          fallback={
            <code class="line-clamp-1 font-mono text-xs break-all text-ink-3 md:hidden">
              {props.agent.agentId}
            </code>
          }
        >
          <span class="line-clamp-1 max-w-sm text-xs text-ink-3">{props.agent.description}</span>
        </Show>
      </Cell>
      <Cell wide>
        <code
          class="block max-w-44 truncate max-xl:max-w-24 font-mono text-xs text-ink-2"
          title={props.agent.agentId}
        >
          {props.agent.agentId}
        </code>
      </Cell>
      <Cell class="whitespace-nowrap">
        <Presence connection={props.agent.connection} />
      </Cell>
      <ActivityCells activity={props.agent.activity} />
      <Cell wide right class="text-ink-2">
        {props.agent.pendingCount >= 1_000 ? '1,000+' : props.agent.pendingCount}
      </Cell>
      <Cell wide class="max-xl:hidden">
        <Show when={props.agent.restricted} fallback={<span class="text-ink-3">Every app</span>}>
          <Tag>Allowlist</Tag>
        </Show>
      </Cell>
      <Cell right>
        <ActiveBadge active={props.agent.active} />
      </Cell>
    </Row>
  );
}
