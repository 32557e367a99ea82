import { Show } from 'solid-js';
import type { AppRowFragment } from '../../api/generated/graphql.ts';
import { AppsDocument } from '../../api/generated/graphql.ts';
import { createPages } from '../../api/pages.ts';
import { useOrganization } from '../../api/session.tsx';
import { ActiveBadge, ConnectionBadge } from '../../ui/badge.tsx';
import { Cell, Row, RowLink } from '../../ui/table.tsx';
import { Ago } from '../../ui/time.tsx';
import { ListPage, useListFilter } from '../connectable/list-page.tsx';

const columns = [
  { label: 'App' },
  { label: 'App ID', wide: true },
  { label: 'Connection' },
  { label: 'Last Connected', wide: true },
  { label: 'Status', right: true },
];

export default function Apps() {
  const organization = useOrganization();
  const filter = useListFilter();
  const list = createPages(
    AppsDocument,
    () => ({ org: organization().slug, first: 50, ...filter.filter() }),
    (data) => data.organization?.apps,
  );
  return (
    <ListPage
      kind="app"
      title="Apps"
      lead="An app is any service that sends events to your agents: a portal, a workflow engine, a code editor. Register one to get its token."
      columns={columns}
      list={list}
      filter={filter}
      row={(app) => <AppRow app={app} org={organization().slug} />}
    />
  );
}

function AppRow(props: { app: AppRowFragment; org: string }) {
  return (
    <Row dim={!props.app.active}>
      <Cell>
        <RowLink
          href={`/${props.org}/apps/${encodeURIComponent(props.app.id)}`}
          class="font-medium wrap-anywhere"
        >
          {props.app.name}
        </RowLink>
        <code class="block font-mono text-xs wrap-anywhere text-ink-3 md:hidden">{props.app.appId}</code>
      </Cell>
      <Cell wide>
        <code class="font-mono text-xs wrap-anywhere text-ink-2">{props.app.appId}</code>
      </Cell>
      <Cell class="whitespace-nowrap">
        <ConnectionBadge connected={props.app.connection.connected} />
        <Show when={props.app.connection.instances.length > 1}>
          <span class="ml-1.5 text-xs text-ink-3">×{props.app.connection.instances.length}</span>
        </Show>
      </Cell>
      <Cell wide class="text-ink-2">
        <Show when={props.app.connection.lastConnectedAt} fallback={<span class="text-ink-3">Never</span>}>
          {(at) => <Ago at={at()} />}
        </Show>
      </Cell>
      <Cell right>
        <ActiveBadge active={props.app.active} />
      </Cell>
    </Row>
  );
}
