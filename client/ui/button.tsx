import LoaderCircle from 'lucide-solid/icons/loader-circle';
import type { JSX } from 'solid-js';
import { Show, createUniqueId, splitProps } from 'solid-js';
import { Reason } from './reason.tsx';

type Variant = 'primary' | 'secondary' | 'danger' | 'ghost';

const looks: Record<Variant, string> = {
  primary: 'bg-accent text-on-accent hover:bg-accent-hover border-transparent',
  secondary: 'bg-panel text-ink hover:bg-hover border-line-strong',
  danger: 'bg-panel text-bad hover:bg-bad-soft border-line-strong',
  ghost: 'bg-transparent text-ink-2 hover:bg-hover hover:text-ink border-transparent',
};

interface ButtonProps extends JSX.ButtonHTMLAttributes<HTMLButtonElement> {
  variant?: Variant;
  busy?: boolean;
  /** Why it cannot be used now. The button stays focusable, so that the reason can be read by everyone. */
  disabledReason?: string | undefined;
}

export function Button(props: ButtonProps) {
  const [own, rest] = splitProps(props, [
    'variant',
    'busy',
    'disabledReason',
    'children',
    'class',
    'onClick',
  ]);
  const reasonId = createUniqueId();
  const blocked = (): boolean => own.disabledReason !== undefined || own.busy === true;
  const click: JSX.EventHandler<HTMLButtonElement, MouseEvent> = (event) => {
    if (blocked()) event.preventDefault();
    else if (typeof own.onClick === 'function') own.onClick(event);
  };
  return (
    <span class="group relative inline-flex has-[button.w-full]:flex">
      <button
        type="button"
        {...rest}
        aria-disabled={blocked() || undefined}
        aria-describedby={own.disabledReason ? reasonId : undefined}
        aria-busy={own.busy || undefined}
        onClick={click}
        class={`inline-flex h-8 items-center justify-center gap-1.5 rounded-md border px-3 text-sm font-medium whitespace-nowrap transition-colors ${looks[own.variant ?? 'secondary']} ${own.class ?? ''}`}
        classList={{ 'opacity-55 cursor-not-allowed!': blocked() && !own.busy }}
      >
        <Show when={own.busy}>
          <LoaderCircle class="size-3.5 animate-spin" aria-hidden="true" />
        </Show>
        {own.children}
      </button>
      <Show when={own.disabledReason}>{(reason) => <Reason id={reasonId} text={reason()} />}</Show>
    </span>
  );
}
