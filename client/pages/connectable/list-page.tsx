import type { CombinedError } from '@urql/core';
import { useNavigate, useSearchParams } from '@solidjs/router';
import Plus from 'lucide-solid/icons/plus';
import type { JSX } from 'solid-js';
import { For, Match, Switch, createSignal } from 'solid-js';
import { problemText } from '../../api/problem.ts';
import { useOrganization, useReadOnlyReason } from '../../api/session.tsx';
import { Button } from '../../ui/button.tsx';
import { Page, Panel } from '../../ui/page.tsx';
import { Select } from '../../ui/select.tsx';
import { Empty, Problem, SkeletonRows } from '../../ui/states.tsx';
import type { Paged } from '../../ui/table.tsx';
import { LoadMore, Table } from '../../ui/table.tsx';
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
  list: Paged & {
    nodes: () => Item[];
    loading: () => boolean;
    error: () => CombinedError | undefined;
    refetch: () => void;
  };
  filter: ReturnType<typeof useListFilter>;
  row: (item: Item) => JSX.Element;
}

/** The list of all apps, or of all agents. */
export function ListPage<Item>(props: ListPageProps<Item>) {
  const organization = useOrganization();
  const readOnly = useReadOnlyReason();
  const navigate = useNavigate();
  const [registering, setRegistering] = createSignal(false);
  const said = () => words[props.kind];
  const RegisterButton = (): JSX.Element => (
    <Button variant="primary" disabledReason={readOnly()} onClick={() => setRegistering(true)}>
      <Plus class="size-4" aria-hidden="true" />
      Register New {said().title}
    </Button>
  );
  const closed = (id?: string): void => {
    setRegistering(false);
    if (id) navigate(`/${organization().slug}/${said().plural}/${encodeURIComponent(id)}`);
  };
  return (
    <Page title={props.title} actions={<RegisterButton />}>
      <div class="flex flex-wrap gap-2">
        <SearchField
          label={`Search ${said().plural}`}
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
      <Panel>
        <Switch>
          <Match when={props.list.nodes().length > 0}>
            <Table label={props.title} columns={props.columns}>
              <For each={props.list.nodes()}>{(item) => props.row(item)}</For>
            </Table>
            <LoadMore what={said().plural} list={props.list} />
          </Match>
          <Match when={props.list.loading()}>
            <SkeletonRows tall headed />
          </Match>
          <Match when={props.list.error()}>
            {(error) => <Problem onRetry={props.list.refetch}>{problemText(error())}</Problem>}
          </Match>
          <Match when={props.filter.narrowed()}>
            <Empty
              title={`No ${said().plural} match`}
              action={<Button onClick={props.filter.clear}>Clear filters</Button>}
            >
              Nothing fits this search.
            </Empty>
          </Match>
          <Match when={true}>
            <Empty title={`No ${said().plural} yet`} action={<RegisterButton />}>
              {props.lead}
            </Empty>
          </Match>
        </Switch>
      </Panel>
      <RegisterDialog kind={props.kind} open={registering()} onClose={closed} />
    </Page>
  );
}
