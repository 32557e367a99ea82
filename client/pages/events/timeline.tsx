import { For, Show } from 'solid-js';
import type { EventDetailFragment, TimelineKind } from '../../api/generated/graphql.ts';
import { pause } from '../../format/number.ts';
import { clockUtc, exactUtc } from '../../format/time.ts';
import { Panel } from '../../ui/page.tsx';
import { Waterfall } from './waterfall.tsx';

type Entry = EventDetailFragment['timeline'][number];

const steps: Record<TimelineKind, { label: string; dot: string }> = {
  ACCEPTED: { label: 'Accepted', dot: 'bg-accent border-accent' },
  DISPATCHED: { label: 'Dispatched', dot: 'bg-accent border-accent' },
  FIRST_TOKEN: { label: 'First token', dot: 'bg-panel border-accent' },
  REPLIED: { label: 'Replied', dot: 'bg-ok border-ok' },
  FAILED: { label: 'Failed', dot: 'bg-bad border-bad' },
  REJECTED: { label: 'Rejected', dot: 'bg-deny border-deny' },
  HANDED_OVER: { label: 'Handed over', dot: 'bg-ok border-ok' },
  CONNECTION_LOST: { label: 'Connection lost', dot: 'bg-wait border-wait' },
  DUPLICATE_OUTCOME: { label: 'Second outcome, ignored', dot: 'bg-panel border-wait' },
  STALE_OUTCOME: { label: 'Late outcome, ignored', dot: 'bg-panel border-wait' },
  TIMED_OUT: { label: 'Timed out', dot: 'bg-bad border-bad' },
};

/** Where the time went, and every step with its clock, and how long it took to come to it. */
export function Timeline(props: { entries: Entry[] }) {
  const since = (index: number): string | undefined => {
    const [before, here] = [props.entries[index - 1], props.entries[index]];
    if (!before || !here) return undefined;
    return `+${pause(Math.max(0, Date.parse(here.at) - Date.parse(before.at)))}`;
  };
  return (
    <Panel title="Timeline" note="UTC">
      <Show when={props.entries.length > 0}>
        <Waterfall entries={props.entries} />
      </Show>
      <ol class="px-4 py-3">
        <For each={props.entries}>
          {(entry, index) => (
            <li class="relative flex gap-3 pb-4 last:pb-0">
              <Show when={index() < props.entries.length - 1}>
                <span
                  class="absolute top-3 bottom-[-0.25rem] left-[4.5px] w-px bg-line-strong"
                  aria-hidden="true"
                />
              </Show>
              <span
                class={`relative mt-1.25 size-2.5 shrink-0 rounded-full border-2 ${steps[entry.kind].dot}`}
                aria-hidden="true"
              />
              <div class="min-w-0 flex-1">
                <p class="flex items-baseline justify-between gap-2">
                  <span class="font-medium">
                    {steps[entry.kind].label}
                    <Show when={(entry.attempt ?? 1) > 1}>
                      <span class="font-normal text-ink-3"> · attempt {entry.attempt}</span>
                    </Show>
                  </span>
                  <span class="text-xs text-ink-3">{since(index())}</span>
                </p>
                <p class="flex flex-wrap gap-x-2 text-xs text-ink-3">
                  <time datetime={entry.at} title={exactUtc(entry.at)}>
                    {clockUtc(entry.at)}
                  </time>
                  <Show when={entry.connectionId}>
                    <code class="truncate font-mono" title={entry.connectionId ?? ''}>
                      {entry.connectionId}
                    </code>
                  </Show>
                </p>
                <Show when={entry.detail}>
                  <p class="text-xs break-words text-ink-2">{entry.detail}</p>
                </Show>
              </div>
            </li>
          )}
        </For>
      </ol>
    </Panel>
  );
}
