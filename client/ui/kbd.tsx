import type { JSX } from 'solid-js';

/** A key to press. */
export function Kbd(props: { children: JSX.Element }) {
  return (
    <kbd class="inline-flex h-5 min-w-5 items-center justify-center rounded border border-line-strong bg-sunken px-1 font-sans text-xs font-medium text-ink-2">
      {props.children}
    </kbd>
  );
}
