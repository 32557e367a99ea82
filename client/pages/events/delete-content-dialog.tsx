import { Show, createEffect, createSignal, on } from 'solid-js';
import type { EventDetailFragment } from '../../api/generated/graphql.ts';
import { DeleteEventContentDocument } from '../../api/generated/graphql.ts';
import type { Failure } from '../../api/mutate.ts';
import { mutate } from '../../api/mutate.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog, DialogActions } from '../../ui/dialog.tsx';
import { Notice } from '../../ui/states.tsx';
import { toast } from '../../ui/toast.tsx';
import { TypedConfirmation } from '../../ui/typed-confirmation.tsx';

interface DeleteContentDialogProps {
  event: EventDetailFragment;
  open: boolean;
  onClose: () => void;
}

/** Deletes what an event carried, for good. That there was an event, and how it went, stays. */
export function DeleteContentDialog(props: DeleteContentDialogProps) {
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
  const unconfirmed = () => (typed() === props.event.eventId ? undefined : 'Type the event id first.');
  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    if (busy() || unconfirmed()) return;
    setBusy(true);
    const { ok, failure: refused } = await mutate(DeleteEventContentDocument, {
      input: { id: props.event.id },
    });
    setBusy(false);
    setFailure(refused);
    if (!ok) return;
    toast('The content of this event is deleted.');
    props.onClose();
  };
  return (
    <Dialog
      open={props.open}
      onClose={() => props.onClose()}
      title="Delete the content of this event?"
      description="Payload, reply, metadata and error text are deleted for good, for everybody. That there was an event, and how it went, stays."
    >
      <form onSubmit={(event) => void submit(event)} novalidate class="flex flex-col gap-3">
        <Show when={failure()}>{(refused) => <Notice tone="bad">{refused().message}</Notice>}</Show>
        <TypedConfirmation
          expected={props.event.eventId}
          what="the event id"
          typed={typed()}
          onInput={setTyped}
        />
        <DialogActions>
          <Button variant="ghost" onClick={() => props.onClose()}>
            Cancel
          </Button>
          <Button type="submit" variant="danger" busy={busy()} disabledReason={unconfirmed()}>
            Delete content
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
