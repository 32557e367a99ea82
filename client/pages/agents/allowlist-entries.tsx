import X from 'lucide-solid/icons/x';
import { For } from 'solid-js';
import { useReadOnlyReason } from '../../api/session.tsx';
import { Button } from '../../ui/button.tsx';
import type { Paged } from '../../ui/table.tsx';
import { LoadMore } from '../../ui/table.tsx';
import type { Entry } from './allowlist-pages.ts';

interface AllowlistEntriesProps {
  list: Paged & { nodes: () => Entry[] };
  /** The ids of those that are being removed. */
  removing: ReadonlySet<string>;
  onRemove: (app: Entry) => void;
}

export function AllowlistEntries(props: AllowlistEntriesProps) {
  const readOnly = useReadOnlyReason();
  return (
    <>
      <ul class="max-h-82 divide-y divide-line overflow-y-auto">
        <For each={props.list.nodes()}>
          {(app) => (
            <li class="flex min-h-10 items-center gap-3 px-4 py-1">
              <span class="truncate font-medium">{app.name}</span>
              <code class="truncate font-mono text-xs text-ink-3 max-sm:hidden">{app.appId}</code>
              <span class="ml-auto">
                <Button
                  variant="ghost"
                  aria-label={`Remove ${app.name}`}
                  class="h-7! px-1.5!"
                  busy={props.removing.has(app.id)}
                  disabledReason={readOnly()}
                  onClick={() => props.onRemove(app)}
                >
                  <X class="size-3.5" aria-hidden="true" />
                </Button>
              </span>
            </li>
          )}
        </For>
      </ul>
      <LoadMore what="apps" list={props.list} />
    </>
  );
}
