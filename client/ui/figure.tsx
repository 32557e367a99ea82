import type { JSX } from 'solid-js';
import { Show } from 'solid-js';

/** One number and what it counts. */
export function Figure(props: { name: string; value: JSX.Element; note?: JSX.Element }) {
  return (
    <div class="min-w-0">
      <dt class="truncate text-xs text-ink-3">{props.name}</dt>
      <dd class="text-base font-semibold">
        {props.value}
        <Show when={props.note}>
          <span class="ml-1.5 text-xs font-normal text-ink-3">{props.note}</span>
        </Show>
      </dd>
    </div>
  );
}
