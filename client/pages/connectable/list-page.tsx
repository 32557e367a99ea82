import { useNavigate, useSearchParams } from '@solidjs/router';
import Plus from 'lucide-solid/icons/plus';
import type { JSX } from 'solid-js';
import { For, Show, createSignal } from 'solid-js';
import { useOrganization, useReadOnlyReason } from '../../api/session.tsx';
import { Button } from '../../ui/button.tsx';
import type { PagedList } from '../../ui/listed.tsx';
import { Listed } from '../../ui/listed.tsx';
import { Page, Panel } from '../../ui/page.tsx';
import { Select } from '../../ui/select.tsx';
import { Empty } from '../../ui/states.tsx';
import { Table } from '../../ui/table.tsx';
import type { Kind } from './operations.ts';
import { words } from './operations.ts';
import { RegisterDialog } from './register-dialog.tsx';
import { SearchField } from '../../ui/search-field.tsx';

/** What a list is narrowed to; lives in the address, so that it can be shared. */
export interface ListFilter {
  search: string | null;
  active: boolean | null;
}

export function useListFilter() {
  const [query, setQuery] = useSearchParams<{ q?: string; status?: string }>();
  const filter = (): ListFilter => ({
    search: query.q || null,
    active: query.status === 'active' ? true : query.status === 'inactive' ? false : null,
  });
  return {
    filter,
    status: () => query.status ?? '',
    narrowed: () => Boolean(query.q || query.status),
    setSearch: (q: string) => setQuery({ q: q || undefined }, { replace: true, scroll: false }),
    setStatus: (status: string) =>
      setQuery({ status: status || undefined }, { replace: true, scroll: false }),
    clear: () => setQuery({ q: undefined, status: undefined }, { replace: true, scroll: false }),
  };
}

interface ListPageProps<Item> {
  kind: Kind;
  title: string;
  lead: string;
  columns: Parameters<typeof Table>[0]['columns'];
  list: PagedList<Item>;
  filter: ReturnType<typeof useListFilter>;
  row: (item: Item) => JSX.Element;
}

/** The list of all apps, or of all agents. */
export function ListPage<Item>(props: ListPageProps<Item>) {
  const organization = useOrganization();
  const navigate = useNavigate();
  const [registering, setRegistering] = createSignal(false);
  const said = () => words[props.kind];
  const closed = (id?: string): void => {
    setRegistering(false);
    if (id) navigate(`/${organization().slug}/${said().plural}/${encodeURIComponent(id)}`);
  };
  const button = () => <RegisterButton kind={props.kind} onClick={() => setRegistering(true)} />;
  return (
    <Page title={props.title} actions={button()}>
      <Narrowing kind={props.kind} filter={props.filter} />
      <Panel>
        <Listed
          list={props.list}
          what={said().plural}
          tall
          headed
          empty={
            <Nothing kind={props.kind} filter={props.filter} action={button()}>
              {props.lead}
            </Nothing>
          }
        >
          <Table label={props.title} columns={props.columns}>
            <For each={props.list.nodes()}>{(item) => props.row(item)}</For>
          </Table>
        </Listed>
      </Panel>
      <RegisterDialog kind={props.kind} open={registering()} onClose={closed} />
    </Page>
  );
}

function RegisterButton(props: { kind: Kind; onClick: () => void }) {
  const readOnly = useReadOnlyReason();
  return (
    <Button variant="primary" disabledReason={readOnly()} onClick={() => props.onClick()}>
      <Plus class="size-4" aria-hidden="true" />
      Register New {words[props.kind].title}
    </Button>
  );
}

interface PartProps {
  kind: Kind;
  filter: ReturnType<typeof useListFilter>;
}

function Narrowing(props: PartProps) {
  return (
    <div class="flex flex-wrap gap-2">
      <SearchField
        label={`Search ${words[props.kind].plural}`}
        value={props.filter.filter().search ?? ''}
        onSearch={props.filter.setSearch}
      />
      <Select
        label="Status"
        value={props.filter.status()}
        onChange={props.filter.setStatus}
        options={[
          { value: '', label: 'Any status' },
          { value: 'active', label: 'Active' },
          { value: 'inactive', label: 'Inactive' },
        ]}
      />
    </div>
  );
}

function Nothing(props: PartProps & { action: JSX.Element; children: JSX.Element }) {
  const plural = () => words[props.kind].plural;
  return (
    <Show
      when={props.filter.narrowed()}
      fallback={
        <Empty title={`No ${plural()} yet`} action={props.action}>
          {props.children}
        </Empty>
      }
    >
      <Empty
        title={`No ${plural()} match`}
        action={<Button onClick={props.filter.clear}>Clear filters</Button>}
      >
        Nothing fits this search.
      </Empty>
    </Show>
  );
}
