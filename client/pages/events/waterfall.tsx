import { For, Index, createMemo } from 'solid-js';
import type { EventDetailFragment } from '../../api/generated/graphql.ts';
import { pause } from '../../format/number.ts';
import type { Bar, BarKind } from '../../format/waterfall.ts';
import { waterfall } from '../../format/waterfall.ts';
import { useNow } from '../../ui/time.tsx';

const kinds: Record<BarKind, { label: string; look: string }> = {
  waiting: { label: 'waiting for the agent', look: 'bg-line-strong' },
  thinking: { label: 'until the first token', look: 'bg-accent/45' },
  streaming: { label: 'streaming', look: 'bg-accent' },
  'handing-over': { label: 'until the app confirmed', look: 'bg-ok' },
};

/** Where the time went, attempt by attempt. */
export function Waterfall(props: { entries: EventDetailFragment['timeline'] }) {
  const now = useNow();
  const shown = createMemo(() => waterfall(props.entries, now()));
  const percent = (ms: number): string => `${(100 * ms) / shown().length}%`;
  const title = (bar: Bar): string => `${kinds[bar.kind].label}: ${pause(bar.to - bar.from)}`;
  const used = () => [...new Set(shown().rows.flatMap(({ bars }) => bars.map(({ kind }) => kind)))];
  return (
    <div class="flex flex-col gap-3 border-b border-line px-4 py-3">
      <ul aria-label="Where the time went" class="flex flex-col gap-1.5">
        <Index each={shown().rows}>
          {(row) => (
            <li class="grid grid-cols-[6rem_minmax(0,1fr)_3.5rem] items-center gap-3">
              <span class="truncate text-xs text-ink-2">{row().label}</span>
              <span class="relative h-3 overflow-hidden rounded-sm bg-sunken">
                <Index each={row().bars}>
                  {(bar) => (
                    <span
                      title={title(bar())}
                      class={`absolute inset-y-0 min-w-0.5 ${kinds[bar().kind].look}`}
                      classList={{ 'animate-breathe': row().end === 'open' }}
                      style={{ left: percent(bar().from), width: percent(bar().to - bar().from) }}
                    >
                      <span class="sr-only">{title(bar())}</span>
                    </span>
                  )}
                </Index>
                <span
                  class="absolute inset-y-0 w-0.75 bg-bad"
                  classList={{ hidden: row().end !== 'bad' }}
                  style={{ left: `calc(${percent(row().bars.at(-1)?.to ?? 0)} - 3px)` }}
                />
              </span>
              <span class="text-right text-xs whitespace-nowrap text-ink-2">
                {pause((row().bars.at(-1)?.to ?? 0) - (row().bars[0]?.from ?? 0))}
              </span>
            </li>
          )}
        </Index>
      </ul>
      <p class="flex flex-wrap gap-x-4 gap-y-1 text-xs text-ink-3" aria-hidden="true">
        <For each={used()}>
          {(kind) => (
            <span class="inline-flex items-center gap-1.5">
              <span class={`h-2.5 w-3.5 rounded-xs ${kinds[kind].look}`} />
              {kinds[kind].label}
            </span>
          )}
        </For>
      </p>
    </div>
  );
}
