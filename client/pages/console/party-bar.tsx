import { Show } from 'solid-js';
import { ConnectionBadge } from '../../ui/badge.tsx';
import { Id } from '../../ui/copy.tsx';
import { Picker } from '../connectable/picker.tsx';
import type { Parties } from './parties.ts';

const PARTY = 'max-sm:flex-1 max-sm:basis-[45%] sm:w-48';

interface PartyBarProps {
  parties: Parties;
  /** What the address asks for: global ids, and the thread. */
  asked: { agent?: string; app?: string; thread?: string };
  onChoose: (change: { agent?: string; app?: string }) => void;
}

/** Who is talked to, in whose name, and in which thread. */
export function PartyBar(props: PartyBarProps) {
  const agent = () => props.parties.agent();
  const app = () => props.parties.app();
  return (
    <div class="flex flex-wrap items-center gap-x-3 gap-y-2">
      <Picker
        kind="agent"
        label="Agent"
        active
        value={agent()?.id ?? props.asked.agent}
        name={agent()?.name}
        onChoose={(id) => props.onChoose({ agent: id })}
        class={PARTY}
      />
      <Show when={agent()?.connection}>
        {(connection) => <ConnectionBadge connected={connection().connected} />}
      </Show>
      {/* Stay together where they need a line of their own. */}
      <span class="flex items-center gap-x-3 max-sm:basis-full">
        <span class="text-ink-2">as</span>
        <Picker
          kind="app"
          label="App"
          active
          value={app()?.id ?? props.asked.app}
          name={app()?.name}
          onChoose={(id) => props.onChoose({ app: id })}
          class={PARTY}
        />
      </span>
      <Show when={props.asked.thread}>
        {(thread) => (
          <span class="ml-auto inline-flex items-center gap-2 text-ink-2 max-sm:ml-0">
            Thread <Id text={thread()} what="thread" />
          </span>
        )}
      </Show>
    </div>
  );
}
