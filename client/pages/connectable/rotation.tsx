import { Show, createSignal } from 'solid-js';
import { useReadOnlyReason } from '../../api/session.tsx';
import { Button } from '../../ui/button.tsx';
import { Notice } from '../../ui/states.tsx';
import { ConfirmDialog } from './confirm-dialog.tsx';
import type { Connection } from './connection-panel.tsx';
import type { Kind } from './operations.ts';
import { revokePrevious } from './operations.ts';

interface RotationProps {
  kind: Kind;
  id: string;
  /** The public characters of the token that was rotated out. */
  previous: string;
  instances: Connection['instances'];
}

/** How far a rotation has come, as it happens, and a way to end it. */
export function Rotation(props: RotationProps) {
  const readOnly = useReadOnlyReason();
  /** The token that is asked about: another rotation meanwhile makes another one the old one. */
  const [asking, setAsking] = createSignal<string>();
  const revoke = async () => {
    const token = asking();
    return token === undefined ? undefined : revokePrevious(props.kind, props.id, token);
  };
  const all = () => props.instances.length;
  const onOld = () => props.instances.filter(({ usesPreviousToken }) => usesPreviousToken).length;
  const onNew = () => all() - onOld();
  return (
    <div class="flex flex-col gap-2 border-t border-line p-3">
      <Notice tone={onOld() > 0 ? 'wait' : 'info'}>
        <Show
          when={all() > 0}
          fallback="No instance is connected. Whoever still has the old token can use it until it ends."
        >
          {onOld() > 0
            ? `${onOld()} of ${all()} ${all() === 1 ? 'instance still uses' : 'instances still use'} the old token.`
            : onNew() === 1
              ? 'The one instance uses the new token.'
              : `All ${onNew()} instances use the new token.`}
        </Show>
      </Notice>
      <Show when={all() > 0}>
        <Moved done={onNew()} all={all()} />
      </Show>
      <div>
        <Button variant="danger" disabledReason={readOnly()} onClick={() => setAsking(props.previous)}>
          Revoke old token now
        </Button>
      </div>
      <ConfirmDialog
        open={asking() !== undefined}
        title="Revoke the old token now?"
        action="Revoke old token"
        danger
        onClose={() => setAsking(undefined)}
        onConfirm={revoke}
      >
        <p class="text-ink-2">
          {onOld() > 0
            ? `${onOld()} connected ${onOld() === 1 ? 'instance uses' : 'instances use'} it and will be cut off. Only the new token lets ${onOld() === 1 ? 'it' : 'them'} come back.`
            : 'No connected instance uses it. It stops working at once.'}
        </p>
      </ConfirmDialog>
    </div>
  );
}

function Moved(props: { done: number; all: number }) {
  return (
    <div
      role="progressbar"
      aria-label="Instances that use the new token"
      aria-valuemin="0"
      aria-valuemax={props.all}
      aria-valuenow={props.done}
      aria-valuetext={`${props.done} of ${props.all}`}
      class="h-1.5 overflow-hidden rounded-full bg-line"
    >
      <div
        class="h-full rounded-full bg-ok transition-[width] duration-300"
        style={{ width: `${(props.done / props.all) * 100}%` }}
      />
    </div>
  );
}
