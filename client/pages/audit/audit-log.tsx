import { useSearchParams } from '@solidjs/router';
import { For, Match, Show, Switch, createMemo } from 'solid-js';
import type { AuditRowFragment } from '../../api/generated/graphql.ts';
import { exportList } from '../../api/export.ts';
import { AuditLogDocument } from '../../api/generated/graphql.ts';
import { createPages } from '../../api/pages.ts';
import { problemText } from '../../api/problem.ts';
import { useOrganization } from '../../api/session.tsx';
import type { AuditQuery } from '../../format/audit.ts';
import { actions, actorKinds, auditFormats, detailWords, toAuditFilter } from '../../format/audit.ts';
import { Button } from '../../ui/button.tsx';
import { Page, Panel } from '../../ui/page.tsx';
import { Empty, Problem, SkeletonRows } from '../../ui/states.tsx';
import { Cell, LoadMore, Row, Table } from '../../ui/table.tsx';
import { Stamp } from '../../ui/time.tsx';
import { ExportButton } from '../export/export-button.tsx';
import { AuditFilterBar } from './audit-filter-bar.tsx';
import { auditPages } from './export-pages.ts';

export default function AuditLog() {
  const organization = useOrganization();
  const [query, setQuery] = useSearchParams<AuditQuery>();
  const filter = createMemo(() => toAuditFilter({ ...query }, Date.now()));
  const set = (change: Partial<AuditQuery>): void =>
    setQuery(Object.fromEntries(Object.entries(change).map(([name, value]) => [name, value || undefined])), {
      replace: true,
      scroll: false,
    });
  const clear = (): void => set({ actor: '', action: '', range: '', from: '', to: '' });
  const narrowed = () => Object.keys(filter()).length > 0;
  const list = createPages(
    AuditLogDocument,
    () => ({ org: organization().slug, filter: filter(), first: 50 }),
    (data) => data.organization?.auditLog,
  );
  return (
    <Page
      title="Audit log"
      actions={
        <ExportButton
          what="entries"
          one="entry"
          file={`${organization().slug}-audit-log`}
          narrowed={narrowed()}
          run={(format, _extra, onRows, signal) =>
            exportList(auditPages(organization().slug, filter()), auditFormats[format], onRows, signal)
          }
        />
      }
    >
      <AuditFilterBar query={query} set={set} clear={narrowed() ? clear : undefined} />
      <Panel>
        <Switch>
          <Match when={list.nodes().length > 0}>
            <Table
              label="Audit log"
              columns={[
                { label: 'Time (UTC)' },
                { label: 'Who', wide: true },
                { label: 'What' },
                { label: 'Details', wide: true },
                { label: 'Address', wide: true, right: true, class: 'max-xl:hidden' },
              ]}
            >
              <For each={list.nodes()}>{(entry) => <AuditRow entry={entry} />}</For>
            </Table>
            <LoadMore what="entries" list={list} />
          </Match>
          <Match when={list.loading()}>
            <SkeletonRows rows={8} headed tallWhenNarrow />
          </Match>
          <Match when={list.error()}>
            {(error) => <Problem onRetry={list.refetch}>{problemText(error())}</Problem>}
          </Match>
          <Match when={narrowed()}>
            <Empty title="No entries match" action={<Button onClick={clear}>Clear filters</Button>}>
              Nothing that was done here fits these filters.
            </Empty>
          </Match>
          <Match when={true}>
            <Empty title="No entries yet">
              Every change of credentials, roles and access is recorded here.
            </Empty>
          </Match>
        </Switch>
      </Panel>
      <p class="text-ink-3">Entries are never changed nor deleted.</p>
    </Page>
  );
}

function AuditRow(props: { entry: AuditRowFragment }) {
  return (
    <Row>
      <Cell class="text-ink-2 max-md:align-top">
        <Stamp at={props.entry.at} />
      </Cell>
      <Cell wide class="max-w-56 truncate">
        <span title={`${props.entry.actor} (${actorKinds[props.entry.actorKind]})`}>{props.entry.actor}</span>
      </Cell>
      <Cell class="wrap-anywhere md:min-w-56">
        <span class="font-medium">{actions[props.entry.action]}</span>{' '}
        <Show when={props.entry.target !== props.entry.actor}>
          <span class="text-ink-2">{props.entry.target}</span>
        </Show>
        <span class="block text-xs text-ink-3 md:hidden">
          {props.entry.actor}
          {props.entry.details.length > 0 ? ` · ${detailWords(props.entry.details)}` : ''}
        </span>
      </Cell>
      <Cell wide class="max-w-72 truncate text-ink-2 max-xl:max-w-48">
        <span title={detailWords(props.entry.details)}>{detailWords(props.entry.details)}</span>
      </Cell>
      <Cell wide right class="font-mono text-xs text-ink-2 max-xl:hidden">
        {props.entry.address ?? '–'}
      </Cell>
    </Row>
  );
}
