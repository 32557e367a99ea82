import { Show, createSignal } from 'solid-js';
import { CopyButton } from '../../../ui/copy.tsx';
import { Panel } from '../../../ui/page.tsx';
import { Segmented } from '../../../ui/segmented.tsx';
import { snippets, tokenLine } from './snippets.ts';

interface QuickStartProps {
  appId: string;
  /** The first agent in reach; absent while there is none. */
  agentId: string | undefined;
}

/** From a token to the first event, with this app's own id. */
export default function QuickStart(props: QuickStartProps) {
  const target = () => ({
    origin: location.origin,
    appId: props.appId,
    agentId: props.agentId ?? 'athena',
  });
  const [chosen, setChosen] = createSignal('wscat');
  const snippet = () => snippets(target()).find(({ name }) => name === chosen());
  return (
    <Panel
      title="Quick start"
      actions={
        <Segmented
          label="Language"
          value={chosen()}
          onChange={setChosen}
          options={snippets(target()).map(({ name }) => ({ value: name, label: name }))}
        />
      }
    >
      <div class="flex flex-col gap-3 p-4">
        <Code label="The token, once in each shell" what="export line" text={tokenLine(target())} />
        <Show when={snippet()}>
          {(shown) => <Code label={shown().lead} what={`${shown().name} code`} text={shown().code} />}
        </Show>
        <Show when={!props.agentId}>
          <p class="text-xs text-wait">
            No agent is in reach of this app yet, so “athena” stands for one: register an agent, or let this
            app through.
          </p>
        </Show>
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
