import type { JSX } from 'solid-js';
import { Show, createSignal } from 'solid-js';
import { CopyButton } from '../../../ui/copy.tsx';
import { Panel } from '../../../ui/page.tsx';
import { Segmented } from '../../../ui/segmented.tsx';
import type { Kind } from '../operations.ts';
import { words } from '../operations.ts';
import type { Snippet } from './snippet.ts';

interface QuickStartProps {
  kind: Kind;
  /** The public id its token carries. */
  slug: string;
  snippets: Snippet[];
  /** What has to be said below the code. */
  children?: JSX.Element;
}

/** From a token to the first event or answer, with this app's or agent's own id. */
export function QuickStart(props: QuickStartProps) {
  const [chosen, setChosen] = createSignal('wscat');
  const snippet = () => props.snippets.find(({ name }) => name === chosen());
  const token = () => `export ${words[props.kind].variable}=${words[props.kind].prefix}_${props.slug}_…`;
  return (
    <Panel
      title="Quick start"
      actions={
        <Segmented
          label="Language"
          value={chosen()}
          onChange={setChosen}
          options={props.snippets.map(({ name }) => ({ value: name, label: name }))}
        />
      }
    >
      <div class="flex flex-col gap-3 p-4">
        <Code label="The token, once in each shell" what="export line" text={token()} />
        <Show when={snippet()}>
          {(shown) => (
            <>
              <Code label={shown().lead} what={`${shown().name} code`} text={shown().code} />
              <Show when={shown().then}>
                {(then) => <Code label={then().lead} what={`${shown().name} input`} text={then().code} />}
              </Show>
            </>
          )}
        </Show>
        {props.children}
      </div>
    </Panel>
  );
}

function Code(props: { label: string; what: string; text: string }) {
  return (
    <div class="flex flex-col gap-1">
      <div class="flex items-end justify-between gap-3">
        <span class="text-ink-2">{props.label}</span>
        <CopyButton text={props.text} what={props.what} labelled />
      </div>
      <pre
        tabindex="0"
        aria-label={props.what}
        role="region"
        class="overflow-x-auto rounded-md border border-line bg-sunken px-3 py-2.5 font-mono text-xs/5"
      >
        {props.text}
      </pre>
    </div>
  );
}
