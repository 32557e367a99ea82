import { Show, createMemo, createSignal } from 'solid-js';
import { treeOf } from '../format/json-tree.ts';
import { bytes } from '../format/number.ts';
import { CopyButton } from './copy.tsx';
import { DownloadButton } from './download.tsx';
import { JsonTree } from './json-tree.tsx';
import { Panel } from './page.tsx';
import { Segmented } from './segmented.tsx';

export const codeBox =
  'max-h-[32rem] overflow-auto px-4 py-3 font-mono text-xs/5 break-words whitespace-pre-wrap';

interface JsonPanelProps {
  title: string;
  raw: string;
  /** Name of the file it is downloaded as, without its ending. */
  file: string;
}

/** JSON text as it was sent: a tree to look around in, or byte for byte. */
export function JsonPanel(props: JsonPanelProps) {
  const [view, setView] = createSignal('tree');
  const tree = createMemo(() => treeOf(props.raw));
  const what = () => props.title.toLowerCase();
  return (
    <Panel
      title={props.title}
      note={bytes(new TextEncoder().encode(props.raw).length)}
      actions={
        <span class="flex items-center gap-2">
          <Segmented
            label={`How to show the ${what()}`}
            value={view()}
            onChange={setView}
            options={[
              { value: 'tree', label: 'Tree' },
              { value: 'raw', label: 'Raw' },
            ]}
          />
          <CopyButton text={props.raw} what={`raw ${what()}`} labelled />
          <DownloadButton
            text={props.raw}
            what={what()}
            file={`${props.file}.json`}
            type="application/json"
          />
        </span>
      }
    >
      <Show
        when={view() === 'tree' && tree()}
        fallback={
          <pre class={codeBox} tabindex="0">
            {props.raw}
          </pre>
        }
      >
        {(node) => <JsonTree node={node()} label={props.title} />}
      </Show>
    </Panel>
  );
}
