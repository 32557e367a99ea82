import { useNavigate } from '@solidjs/router';
import { createSignal } from 'solid-js';
import type { EventDetailFragment } from '../../api/generated/graphql.ts';
import { ResendEventDocument } from '../../api/generated/graphql.ts';
import type { Failure } from '../../api/mutate.ts';
import { mutate } from '../../api/mutate.ts';
import { useOrganization } from '../../api/session.tsx';
import { ConfirmDialog } from '../connectable/confirm-dialog.tsx';

interface ResendDialogProps {
  event: EventDetailFragment;
  open: boolean;
  onClose: () => void;
}

/** Sends the very same payload again, as a new event. */
export function ResendDialog(props: ResendDialogProps) {
  const organization = useOrganization();
  const navigate = useNavigate();
  const [handOver, setHandOver] = createSignal(false);
  const [sameThread, setSameThread] = createSignal(false);
  const resend = async (): Promise<Failure | undefined> => {
    const { ok, failure } = await mutate(ResendEventDocument, {
      input: {
        id: props.event.id,
        handOver: handOver(),
        ...(sameThread() ? { threadId: props.event.threadId } : {}),
      },
    });
    if (ok) navigate(`/${organization().slug}/events/${ok.event.eventId}`);
    return failure;
  };
  return (
    <ConfirmDialog
      open={props.open}
      title="Resend this event?"
      action="Resend"
      onConfirm={resend}
      onClose={() => props.onClose()}
    >
      <p class="text-ink-2">
        The same payload goes to {props.event.agentId} again, as a new event marked as sent from the
        dashboard.
      </p>
      <label class="flex items-start gap-2">
        <input
          type="checkbox"
          class="mt-0.5 size-4 shrink-0 accent-accent"
          checked={sameThread()}
          onChange={(event) => setSameThread(event.currentTarget.checked)}
        />
        <span>
          In the same thread <span class="text-ink-3">(otherwise a test thread of its own)</span>
        </span>
      </label>
      <label class="flex items-start gap-2">
        <input
          type="checkbox"
          class="mt-0.5 size-4 shrink-0 accent-accent"
          checked={handOver()}
          onChange={(event) => setHandOver(event.currentTarget.checked)}
        />
        <span>Hand the answer to the app {props.event.app.name}</span>
      </label>
    </ConfirmDialog>
  );
}
