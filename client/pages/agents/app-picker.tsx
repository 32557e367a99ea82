import { createSignal } from 'solid-js';
import { AppChoicesDocument } from '../../api/generated/graphql.ts';
import { createPages } from '../../api/pages.ts';
import { problemText } from '../../api/problem.ts';
import { useOrganization } from '../../api/session.tsx';
import { Combobox } from '../../ui/combobox.tsx';

interface AppPickerProps {
  label: string;
  /** The name of the app that was chosen; empty: none is. */
  chosen: string;
  onChoose: (id: string, name: string) => void;
}

/** One of the organisation's apps, of which there may be thousands. */
export function AppPicker(props: AppPickerProps) {
  const organization = useOrganization();
  const [search, setSearch] = createSignal<string>();
  const apps = createPages(
    AppChoicesDocument,
    () => (search() === undefined ? undefined : { org: organization().slug, search: search() || null }),
    (data) => data.organization?.apps,
  );
  const remark = (): string => {
    const problem = apps.error();
    if (problem) return problemText(problem);
    return apps.loading() ? 'Looking…' : 'No app fits.';
  };
  return (
    <Combobox
      label={props.label}
      placeholder="Choose an app…"
      options={apps.nodes().map(({ id, name, appId }) => ({ value: id, label: name, note: appId }))}
      remark={remark()}
      chosen={props.chosen}
      onChoose={({ value, label }) => props.onChoose(value, label)}
      onSearch={setSearch}
      onMore={apps.more}
    />
  );
}
