import { Show, createEffect, createSignal, on } from 'solid-js';
import type { JSX } from 'solid-js';
import type { Failure } from '../../api/mutate.ts';
import { Button } from '../../ui/button.tsx';
import { CancelButton, Dialog, DialogActions } from '../../ui/dialog.tsx';
import { Notice } from '../../ui/states.tsx';
import { toast } from '../../ui/toast.tsx';
import { TypedConfirmation } from '../../ui/typed-confirmation.tsx';

interface EraseDialogProps {
  open: boolean;
  onClose: () => void;
  title: string;
  description: JSX.Element;
  /** The id that has to be typed, and what it is, as in "the event id". */
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
  const [busy, setBusy] = createSignal(false);
  const [failure, setFailure] = createSignal<Failure>();
  createEffect(
    on(
      () => props.open,
      () => {
        setTyped('');
        setFailure(undefined);
      },
    ),
  );
  const unconfirmed = () => (typed() === props.expected ? undefined : `Type ${props.what} first.`);
  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    if (busy() || unconfirmed()) return;
    setBusy(true);
    const refused = await props.onErase();
    setBusy(false);
    setFailure(refused);
    if (refused) return;
    toast(props.done);
    props.onClose();
  };
  return (
    <Dialog
      open={props.open}
      onClose={() => props.onClose()}
      busy={busy()}
      title={props.title}
      description={props.description}
    >
      <form onSubmit={(event) => void submit(event)} novalidate class="flex flex-col gap-3">
        <Show when={failure()}>{(refused) => <Notice tone="bad">{refused().message}</Notice>}</Show>
        <TypedConfirmation expected={props.expected} what={props.what} typed={typed()} onInput={setTyped} />
        <DialogActions>
          <CancelButton />
          <Button type="submit" variant="danger" busy={busy()} disabledReason={unconfirmed()}>
            {props.action}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
