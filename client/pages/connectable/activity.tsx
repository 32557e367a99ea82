import { Show, createSignal } from 'solid-js';
import { useReadOnlyReason } from '../../api/session.tsx';
import { Button } from '../../ui/button.tsx';
import { ConfirmDialog } from './confirm-dialog.tsx';
import type { Kind } from './operations.ts';
import { setActive, words } from './operations.ts';

interface ActivityButtonProps {
  kind: Kind;
  id: string;
  name: string;
  active: boolean;
}

/** Deactivate, after asking; reactivate, at once. */
export function ActivityButton(props: ActivityButtonProps) {
  const readOnly = useReadOnlyReason();
  const [asking, setAsking] = createSignal(false);
  const title = () => words[props.kind].title;
  return (
    <>
      <Button
        variant={props.active ? 'danger' : 'primary'}
        disabledReason={readOnly()}
        onClick={() => setAsking(true)}
      >
        {props.active ? `Deactivate ${title()}` : `Reactivate ${title()}`}
      </Button>
      <ConfirmDialog
        open={asking()}
        danger={props.active}
        title={props.active ? `Deactivate ${props.name}?` : `Reactivate ${props.name}?`}
        action={props.active ? `Deactivate ${title()}` : `Reactivate ${title()}`}
        onClose={() => setAsking(false)}
        onConfirm={() => setActive(props.kind, props.id, !props.active)}
      >
        <Show
          when={props.active}
          fallback={<p class="text-ink-2">It can connect again with the token it has.</p>}
        >
          <p class="text-ink-2">
            Its connections are closed and its token is refused until you reactivate it.{' '}
            {props.kind === 'app'
              ? 'Events it has already sent are still processed.'
              : 'Events that wait for it stay until they expire, new ones are rejected.'}
          </p>
        </Show>
      </ConfirmDialog>
    </>
  );
}
