import type { JSX } from 'solid-js';
import { For } from 'solid-js';

interface SegmentedProps {
  label: string;
  value: string;
  options: { value: string; label: JSX.Element; name?: string }[];
  onChange: (value: string) => void;
}

/** A few choices of which one holds. */
export function Segmented(props: SegmentedProps) {
  return (
    <div role="group" aria-label={props.label} class="inline-flex rounded-md bg-sunken p-0.5">
      <For each={props.options}>
        {(option) => (
          <button
            type="button"
            aria-pressed={option.value === props.value}
            aria-label={option.name}
            title={option.name}
            onClick={() => props.onChange(option.value)}
            class="inline-flex h-6 min-w-7 items-center justify-center rounded px-2 text-xs font-medium text-ink-2 hover:text-ink aria-pressed:bg-lifted aria-pressed:text-ink aria-pressed:shadow-sm"
          >
            {option.label}
          </button>
        )}
      </For>
    </div>
  );
}
