import { createMemo, createSignal, untrack } from 'solid-js';
import { AgentChoicesDocument, AppChoicesDocument, ChosenDocument } from '../../api/generated/graphql.ts';
import type { AppChoicesQueryVariables } from '../../api/generated/graphql.ts';
import { createPages } from '../../api/pages.ts';
import { problemText } from '../../api/problem.ts';
import { createQuery } from '../../api/query.ts';
import { useOrganization } from '../../api/session.tsx';
import { Combobox } from '../../ui/combobox.tsx';
import { furtherProblem } from '../../ui/table.tsx';

type Kind = 'app' | 'agent';

interface PickerProps {
  kind: Kind;
  label: string;
  /** Of the input, when a label for it stands beside it. */
  id?: string;
  /** The global id of the one that was chosen; empty or undefined: none is. */
  value: string | undefined;
  /** Its name where that is known; it is looked up otherwise. */
  name?: string | undefined;
  /** What choosing none is called, where that may be chosen. */
  none?: string;
  /** Only those that are not deactivated. */
  active?: boolean;
  onChoose: (id: string) => void;
  class?: string;
}

function createChoices(kind: Kind, given: () => Omit<AppChoicesQueryVariables, 'after'> | undefined) {
  return kind === 'app'
    ? createPages(AppChoicesDocument, given, (data) => data.organization?.apps)
    : createPages(AgentChoicesDocument, given, (data) => data.organization?.agents);
}

/** One of the organisation's apps or agents, of which there may be thousands. */
export function Picker(props: PickerProps) {
  const organization = useOrganization();
  const [search, setSearch] = createSignal<string>();
  const [last, setLast] = createSignal({ value: '', label: '' });
  const found = createChoices(
    untrack(() => props.kind),
    () => {
      const text = search();
      if (text === undefined) return undefined;
      return { org: organization().slug, search: text || null, active: props.active ?? null };
    },
  );
  const options = createMemo<{ value: string; label: string; note: string }[]>(
    (before) =>
      found.loading() && search() !== undefined
        ? before
        : found.nodes().map(({ id, name, slug }) => ({ value: id, label: name, note: slug })),
    [],
  );
  const looked = createQuery(ChosenDocument, () =>
    props.value && props.name === undefined ? { id: props.value } : undefined,
  );
  const chosen = (): string => {
    if (!props.value) return '';
    if (props.name !== undefined) return props.name;
    const node = looked.data?.node;
    if (node && 'name' in node) return node.name;
    if (last().value === props.value) return last().label;
    return looked.loading ? '…' : 'Chosen by link';
  };
  const remark = (): string => {
    const [problem, further] = [found.error(), found.moreProblem()];
    if (options().length > 0) return further ? furtherProblem(`${props.kind}s`, further) : '';
    if (problem) return problemText(problem);
    return search() ? `No ${props.kind} fits.` : `There is no ${props.kind} yet.`;
  };
  return (
    <Combobox
      label={props.label}
      id={props.id}
      placeholder={props.none ?? `Choose an ${props.kind}…`}
      optional={props.none !== undefined}
      options={options()}
      looking={found.loading()}
      remark={remark()}
      value={props.value ?? ''}
      chosen={chosen()}
      onChoose={(option) => {
        setLast(option);
        props.onChoose(option.value);
      }}
      onSearch={setSearch}
      onMore={found.more}
      class={props.class}
    />
  );
}
