import { createEffect, createSignal, on } from 'solid-js';
import type { JSX } from 'solid-js';
import type { Failure } from '../../api/mutate.ts';
import { createSubmission } from '../../api/submission.ts';
import { DialogForm } from '../../ui/dialog-form.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { toast } from '../../ui/toast.tsx';
import { TypedConfirmation } from '../../ui/typed-confirmation.tsx';

interface EraseDialogProps {
  open: boolean;
  onClose: () => void;
  title: string;
  description: JSX.Element;
  /** The id that has to be typed, and what it is, as in "the event ID". */
  expected: string;
  what: string;
  action: string;
  /** Said when it is done. */
  done: string;
  /** Does it; a failure is shown and the dialog stays. */
  onErase: () => Promise<Failure | undefined>;
}

/** Asks for an id to be typed before what cannot be brought back is deleted. */
export function EraseDialog(props: EraseDialogProps) {
  const [typed, setTyped] = createSignal('');
  const submission = createSubmission();
  createEffect(
    on(
      () => props.open,
      () => {
        setTyped('');
        submission.forget();
      },
    ),
  );
  const unconfirmed = () => (typed() === props.expected ? undefined : `Type ${props.what} first.`);
  const erase = async () => ({ failure: await props.onErase() });
  const submit = async (): Promise<void> => {
    if (submission.busy() || unconfirmed()) return;
    const { failure } = await submission.settle(erase());
    if (failure) return;
    toast(props.done);
    props.onClose();
  };
  return (
    <Dialog
      open={props.open}
      onClose={() => props.onClose()}
      busy={submission.busy()}
      title={props.title}
      description={props.description}
    >
      <DialogForm
        submission={submission}
        action={props.action}
        danger
        disabledReason={unconfirmed()}
        onSubmit={submit}
      >
        <TypedConfirmation expected={props.expected} what={props.what} typed={typed()} onInput={setTyped} />
      </DialogForm>
    </Dialog>
  );
}
