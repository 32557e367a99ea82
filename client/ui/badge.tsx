import Ban from 'lucide-solid/icons/ban';
import CircleCheck from 'lucide-solid/icons/circle-check';
import CircleDashed from 'lucide-solid/icons/circle-dashed';
import CircleX from 'lucide-solid/icons/circle-x';
import type { JSX } from 'solid-js';
import { Show } from 'solid-js';
import { Dynamic } from 'solid-js/web';
import type { EventStatus, Role } from '../api/generated/graphql.ts';

/** Colour and shape together, so that neither is needed alone. */
const statuses = {
  DELIVERED: { label: 'delivered', look: 'bg-ok-soft text-ok', icon: CircleCheck },
  FAILED: { label: 'failed', look: 'bg-bad-soft text-bad', icon: CircleX },
  PENDING: { label: 'pending', look: 'bg-wait-soft text-wait', icon: CircleDashed },
  REJECTED: { label: 'rejected', look: 'bg-deny-soft text-deny', icon: Ban },
} as const;

const pill =
  'inline-flex items-center gap-1 rounded-full px-2 py-px text-xs font-medium tracking-normal whitespace-nowrap';

export function StatusBadge(props: { status: EventStatus }) {
  const shown = () => statuses[props.status];
  return (
    <span class={`${pill} ${shown().look}`} data-status={shown().label}>
      <Dynamic component={shown().icon} class="size-3" aria-hidden="true" />
      {shown().label}
    </span>
  );
}

/** The code an event failed with. */
export function ErrorCode(props: { code: string }) {
  return <code class="rounded bg-bad-soft px-1.5 py-px font-mono text-xs text-bad">{props.code}</code>;
}

/** A filled dot for connected, a hollow one for disconnected. */
export function ConnectionBadge(props: { connected: boolean }) {
  return (
    <span
      class="inline-flex items-center gap-1.5 whitespace-nowrap"
      classList={{ 'text-ok': props.connected, 'text-ink-3': !props.connected }}
      data-connected={props.connected}
    >
      <span
        class="size-2 rounded-full border-[1.5px] border-current"
        classList={{ 'bg-current': props.connected }}
        aria-hidden="true"
      />
      {props.connected ? 'Connected' : 'Disconnected'}
    </span>
  );
}

export function ActiveBadge(props: { active: boolean }) {
  return (
    <Show when={props.active} fallback={<Tag look="bg-sunken text-ink-2">Inactive</Tag>}>
      <span class="text-ink-2">Active</span>
    </Show>
  );
}

export function RoleTag(props: { role: Role }) {
  return (
    <Tag look={props.role === 'OWNER' ? 'bg-accent-soft text-accent-ink' : undefined}>
      {props.role.toLowerCase()}
    </Tag>
  );
}

export function Tag(props: { look?: string | undefined; children: JSX.Element }) {
  return <span class={`${pill} ${props.look ?? 'bg-sunken text-ink-2'}`}>{props.children}</span>;
}
