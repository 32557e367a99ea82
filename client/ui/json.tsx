import { For, Show, createMemo, createSignal } from 'solid-js';
import type { JsonTokenKind } from '../format/json.ts';
import { layOut } from '../format/json.ts';
import { bytes } from '../format/number.ts';
import { CopyButton } from './copy.tsx';
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
export function JsonView(props: { raw: string; what: string }) {
  const [view, setView] = createSignal('pretty');
  const tokens = createMemo(() => layOut(props.raw));
  const size = () => new TextEncoder().encode(props.raw).length;
  return (
    <div>
      <div class="flex items-center gap-3 border-b border-line px-4 py-1.5">
        <Segmented
          label={`How to show the ${props.what}`}
          value={view()}
          onChange={setView}
          options={[
            { value: 'pretty', label: 'Pretty' },
            { value: 'raw', label: 'Raw' },
          ]}
        />
        <span class="text-xs text-ink-3">{bytes(size())}</span>
        <span class="ml-auto">
          <CopyButton text={props.raw} what={`raw ${props.what}`} labelled />
        </span>
      </div>
      <Show when={view() === 'pretty'} fallback={<pre class={codeBox}>{props.raw}</pre>}>
        <pre class={codeBox}>
          <Show
            when={props.raw.length <= COLOUR_MAX}
            fallback={tokens()
              .map(({ text }) => text)
              .join('')}
          >
            <For each={tokens()}>{(token) => <span class={looks[token.kind]}>{token.text}</span>}</For>
          </Show>
        </pre>
      </Show>
    </div>
  );
}
