import ChevronDown from 'lucide-solid/icons/chevron-down';
import { For } from 'solid-js';

interface Option {
  value: string;
  label: string;
}

interface SelectProps {
  label: string;
  value: string;
  options: Option[];
  onChange: (value: string) => void;
  id?: string;
  /** The label stands beside it already. */
  class?: string;
}

/** The platform's own list: it is the one that works everywhere, on phones and for screen readers. */
export function Select(props: SelectProps) {
  return (
    <span class={`relative inline-flex max-sm:flex-1 max-sm:basis-[45%] ${props.class ?? ''}`}>
      <select
        id={props.id}
        aria-label={props.id ? undefined : props.label}
        value={props.value}
        onChange={(event) => props.onChange(event.currentTarget.value)}
        class="h-8 w-full appearance-none truncate rounded-md border border-line-strong bg-panel pr-7 pl-2.5 text-sm hover:bg-hover"
        classList={{ 'text-ink-2': props.value === '' }}
      >
        <For each={props.options}>
          {(option) => (
            <option value={option.value} selected={option.value === props.value}>
              {option.label}
            </option>
          )}
        </For>
      </select>
      <ChevronDown class="pointer-events-none absolute top-2 right-2 size-4 text-ink-3" aria-hidden="true" />
    </span>
  );
}
