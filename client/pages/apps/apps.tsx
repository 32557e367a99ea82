import type { AppsQuery } from '../../api/generated/graphql.ts';
import { AppsDocument } from '../../api/generated/graphql.ts';
import { createPages } from '../../api/pages.ts';
import { everyWhileSeen } from '../../api/refresh.ts';
import { useOrganization } from '../../api/session.tsx';
import { ActiveBadge } from '../../ui/badge.tsx';
import { Presence } from '../../ui/presence.tsx';
import { Cell, Row, RowLink } from '../../ui/table.tsx';
import { ActivityCells, activityColumns } from '../connectable/activity-cells.tsx';
import { ListPage, useListFilter } from '../connectable/list-page.tsx';

const columns = [
  { label: 'App' },
  { label: 'App ID', wide: true },
  { label: 'Connection' },
  ...activityColumns,
  { label: 'Status', right: true },
];

type AppListed = NonNullable<AppsQuery['organization']>['apps']['edges'][number]['node'];

const REFRESH_MS = 30_000;

export default function Apps() {
  const organization = useOrganization();
  const filter = useListFilter();
  const list = createPages(
    AppsDocument,
    () => ({ org: organization().slug, first: 50, ...filter.filter() }),
    (data) => data.organization?.apps,
  );
  everyWhileSeen(REFRESH_MS, list.refresh);
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

function AppRow(props: { app: AppListed; org: string }) {
  return (
    <Row dim={!props.app.active}>
      <Cell class="min-w-32">
        <RowLink
          href={`/${props.org}/apps/${encodeURIComponent(props.app.id)}`}
          class="line-clamp-2 font-medium wrap-anywhere"
          title={props.app.name}
        >
          {props.app.name}
        </RowLink>
        <code class="line-clamp-1 font-mono text-xs break-all text-ink-3 md:hidden">{props.app.appId}</code>
      </Cell>
      <Cell wide>
        <code
          class="block max-w-44 truncate max-xl:max-w-24 font-mono text-xs text-ink-2"
          title={props.app.appId}
        >
          {props.app.appId}
        </code>
      </Cell>
      <Cell class="whitespace-nowrap">
        <Presence connection={props.app.connection} />
      </Cell>
      <ActivityCells activity={props.app.activity} />
      <Cell right>
        <ActiveBadge active={props.app.active} />
      </Cell>
    </Row>
  );
}
