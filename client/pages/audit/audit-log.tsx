import { useSearchParams } from '@solidjs/router';
import { For, Show, createMemo } from 'solid-js';
import type { AuditRowFragment } from '../../api/generated/graphql.ts';
import { exportList } from '../../api/export.ts';
import { AuditLogDocument } from '../../api/generated/graphql.ts';
import { createPages } from '../../api/pages.ts';
import { useOrganization } from '../../api/session.tsx';
import type { AuditQuery } from '../../format/audit.ts';
import { actions, actorKinds, auditFormats, detailWords, toAuditFilter } from '../../format/audit.ts';
import { Button } from '../../ui/button.tsx';
import { Listed } from '../../ui/listed.tsx';
import { Page, Panel } from '../../ui/page.tsx';
import { Empty } from '../../ui/states.tsx';
import { Cell, Row, Table } from '../../ui/table.tsx';
import { Stamp } from '../../ui/time.tsx';
import { ExportButton } from '../export/export-button.tsx';
import { AuditFilterBar } from './audit-filter-bar.tsx';
import { auditPages } from './export-pages.ts';

const columns = [
  { label: 'Time (UTC)' },
  { label: 'Who', wide: true },
  { label: 'What' },
  { label: 'Details', wide: true },
  { label: 'Address', wide: true, right: true, class: 'max-xl:hidden' },
];

/** What the log is narrowed to, which the address says. */
function useAuditFilter() {
  const [query, setQuery] = useSearchParams<AuditQuery>();
  const filter = createMemo(() => toAuditFilter({ ...query }, Date.now()));
  const set = (change: Partial<AuditQuery>): void =>
    setQuery(Object.fromEntries(Object.entries(change).map(([name, value]) => [name, value || undefined])), {
      replace: true,
      scroll: false,
    });
  return {
    query,
    filter,
    set,
    clear: (): void => set({ actor: '', action: '', range: '', from: '', to: '' }),
    narrowed: () => Object.keys(filter()).length > 0,
  };
}

export default function AuditLog() {
  const organization = useOrganization();
  const { query, filter, set, clear, narrowed } = useAuditFilter();
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
        <Listed
          list={list}
          what="entries"
          guess={8}
          tallWhenNarrow
          headed
          empty={<Nothing onClear={narrowed() ? clear : undefined} />}
        >
          <Table label="Audit log" columns={columns}>
            <For each={list.nodes()}>{(entry) => <AuditRow entry={entry} />}</For>
          </Table>
        </Listed>
      </Panel>
      <p class="text-ink-3">Entries are never changed nor deleted.</p>
    </Page>
  );
}

function Nothing(props: { onClear: (() => void) | undefined }) {
  return (
    <Show
      when={props.onClear}
      fallback={
        <Empty title="No entries yet">Every change of credentials, roles and access is recorded here.</Empty>
      }
    >
      {(clear) => (
        <Empty title="No entries match" action={<Button onClick={() => clear()()}>Clear filters</Button>}>
          Nothing that was done here fits these filters.
        </Empty>
      )}
    </Show>
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
