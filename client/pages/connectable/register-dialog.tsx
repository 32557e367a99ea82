import { Show } from 'solid-js';
import { refetchOnScreen } from '../../api/socket.ts';
import { createSubmission } from '../../api/submission.ts';
import { createSecretSignal } from '../../live/secret-signal.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { Secret } from '../../ui/secret.tsx';
import type { Kind, Registered } from './operations.ts';
import { words } from './operations.ts';
import { RegisterForm } from './register-form.tsx';

interface RegisterDialogProps {
  kind: Kind;
  open: boolean;
  onClose: (registered?: Registered['id']) => void;
}

/** Registers an app or an agent, then shows its token the only time it can be seen. */
export function RegisterDialog(props: RegisterDialogProps) {
  const submission = createSubmission();
  const { held: registered, hold, wipe } = createSecretSignal<Registered>();
  const close = (): void => {
    const id = registered()?.id;
    wipe();
    if (id) refetchOnScreen();
    props.onClose(id);
  };
  return (
    <Dialog
      open={props.open}
      onClose={close}
      busy={submission.busy()}
      guarded={submission.busy() || registered() !== undefined}
      title={registered() ? `${registered()?.slug} is registered` : `Register New ${words[props.kind].title}`}
      description={
        registered()
          ? undefined
          : props.kind === 'app'
            ? 'An app is any service that sends events to your agents.'
            : 'An agent is any service that answers the events of your apps.'
      }
    >
      <Show
        when={registered()}
        fallback={<RegisterForm kind={props.kind} submission={submission} onRegistered={hold} />}
      >
        {(made) => (
          <Secret what="token" secret={made().token} variable={words[props.kind].variable} onStored={close} />
        )}
      </Show>
    </Dialog>
  );
}
