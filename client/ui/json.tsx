import { For, Show, createMemo, createSignal } from 'solid-js';
import type { JsonTokenKind } from '../format/json.ts';
import { layOut } from '../format/json.ts';
import { bytes } from '../format/number.ts';
import { CopyButton } from './copy.tsx';
import { Panel } from './page.tsx';
import { Segmented } from './segmented.tsx';

const looks: Record<JsonTokenKind, string> = {
  key: 'text-accent-ink',
  string: 'text-ok',
  number: 'text-wait',
  word: 'text-deny',
  mark: 'text-ink-3',
  space: '',
};

/** Above this many characters colour costs more than it helps. */
const COLOUR_MAX = 20_000;

export const codeBox =
  'max-h-[32rem] overflow-auto px-4 py-3 font-mono text-xs/5 break-words whitespace-pre-wrap';

/** JSON text as it was sent: laid out for reading, or byte for byte. */
export function JsonPanel(props: { title: string; raw: string }) {
  const [view, setView] = createSignal('pretty');
  const tokens = createMemo(() => layOut(props.raw));
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
              { value: 'pretty', label: 'Pretty' },
              { value: 'raw', label: 'Raw' },
            ]}
          />
          <CopyButton text={props.raw} what={`raw ${what()}`} labelled />
        </span>
      }
    >
      <pre class={codeBox} tabindex="0">
        <Show when={view() === 'pretty'} fallback={props.raw}>
          <Show
            when={props.raw.length <= COLOUR_MAX}
            fallback={tokens()
              .map(({ text }) => text)
              .join('')}
          >
            <For each={tokens()}>{(token) => <span class={looks[token.kind]}>{token.text}</span>}</For>
          </Show>
        </Show>
      </pre>
    </Panel>
  );
}
