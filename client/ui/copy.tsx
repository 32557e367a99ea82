import Check from 'lucide-solid/icons/check';
import Copy from 'lucide-solid/icons/copy';
import { Show, createSignal, onCleanup } from 'solid-js';
import { copy } from './clipboard.ts';

interface CopyButtonProps {
  text: string;
  /** What is copied, for the accessible name: "Copy token". */
  what: string;
  /** Shows its words beside the icon. */
  labelled?: boolean;
}

export function CopyButton(props: CopyButtonProps) {
  const [state, setState] = createSignal<'idle' | 'copied' | 'failed'>('idle');
  let timer: ReturnType<typeof setTimeout> | undefined;
  onCleanup(() => clearTimeout(timer));
  const click = async (event: MouseEvent): Promise<void> => {
    event.preventDefault();
    event.stopPropagation();
    const done = await copy(props.text);
    setState(done ? 'copied' : 'failed');
    clearTimeout(timer);
    timer = setTimeout(() => setState('idle'), 2_000);
  };
  const label = () => ({ idle: 'Copy', copied: 'Copied', failed: 'Select and copy' })[state()];
  return (
    <button
      type="button"
      aria-label={state() === 'idle' ? `Copy ${props.what}` : label()}
      title={`Copy ${props.what}`}
      onClick={(event) => void click(event)}
      class="relative z-10 inline-flex shrink-0 items-center gap-1.5 rounded-md text-xs font-medium text-ink-3 hover:bg-hover hover:text-ink"
      classList={{
        'h-7 border border-line-strong bg-panel px-2 text-ink-2': props.labelled,
        'p-1': !props.labelled,
      }}
    >
      <Show when={state() === 'copied'} fallback={<Copy class="size-3.5" aria-hidden="true" />}>
        <Check class="size-3.5 text-ok" aria-hidden="true" />
      </Show>
      <Show when={props.labelled}>{label()}</Show>
      <span class="sr-only" aria-live="polite">
        {state() === 'idle' ? '' : label()}
      </span>
    </button>
  );
}

/** An identifier in monospace with its copy button. */
export function Id(props: { text: string; what: string }) {
  return (
    <span class="inline-flex max-w-full min-w-0 items-center gap-1">
      <code class="truncate font-mono text-xs" title={props.text}>
        {props.text}
      </code>
      <CopyButton text={props.text} what={props.what} />
    </span>
  );
}
