import type { EventDetailFragment } from '../../api/generated/graphql.ts';
import { DeleteEventContentDocument } from '../../api/generated/graphql.ts';
import { mutate } from '../../api/mutate.ts';
import { EraseDialog } from '../erasure/erase-dialog.tsx';

interface DeleteContentDialogProps {
  event: EventDetailFragment;
  open: boolean;
  onClose: () => void;
}

/** Deletes what an event carried, for good. That there was an event, and how it went, stays. */
export function DeleteContentDialog(props: DeleteContentDialogProps) {
  const erase = async () =>
    (await mutate(DeleteEventContentDocument, { input: { id: props.event.id } })).failure;
  return (
    <EraseDialog
      open={props.open}
      onClose={() => props.onClose()}
      title="Delete the content of this event?"
      description="Payload, reply, metadata and error text are deleted for everybody; Relay cannot bring them back. That there was an event, and how it went, stays. Backups made before still hold them."
      expected={props.event.eventId}
      what="the event ID"
      action="Delete content"
      done="The content of this event is deleted."
      onErase={erase}
    />
  );
}
