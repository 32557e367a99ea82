import type { JSX } from 'solid-js';
import { Show } from 'solid-js';
import type { EventDetailFragment } from '../../api/generated/graphql.ts';
import { DialogForm } from '../../ui/dialog-form.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { TextAreaField } from '../../ui/field.tsx';
import { createResending } from './resending.ts';

export interface ResendDialogProps {
  event: EventDetailFragment;
  open: boolean;
  /** Offers the payload for changing. */
  edit: boolean;
  onClose: () => void;
}

/** Sends an event again as a new one, which names the one it repeats: the very same payload, or one changed here. */
export function ResendDialog(props: ResendDialogProps) {
  const resending = createResending(props);
  return (
    <Dialog
      open={props.open}
      onClose={() => props.onClose()}
      busy={resending.submission.busy()}
      wide={props.edit}
      title={props.edit ? 'Edit and resend this event' : 'Resend this event?'}
      description={`${props.edit ? 'This' : 'The same'} payload goes to ${props.event.agentId} as a new event marked as sent from the dashboard.`}
    >
      <DialogForm
        submission={resending.submission}
        fields={props.edit ? ['payload'] : []}
        action="Resend"
        onSubmit={resending.send}
      >
        <Show when={props.edit}>
          <TextAreaField
            label="Payload"
            mono
            rows={14}
            value={resending.payload()}
            onInput={resending.setPayload}
            error={resending.problem() ?? resending.submission.failure()?.fields.payload}
          />
        </Show>
        <Check checked={resending.sameThread()} onChange={resending.setSameThread}>
          In the same thread <span class="text-ink-3">(otherwise a test thread of its own)</span>
        </Check>
        <Check checked={resending.handOver()} onChange={resending.setHandOver}>
          Hand the answer to the app {props.event.app.name}
        </Check>
      </DialogForm>
    </Dialog>
  );
}

function Check(props: { checked: boolean; onChange: (checked: boolean) => void; children: JSX.Element }) {
  return (
    <label class="flex items-start gap-2">
      <input
        type="checkbox"
        class="mt-0.5 size-4 shrink-0 accent-accent"
        checked={props.checked}
        onChange={(event) => props.onChange(event.currentTarget.checked)}
      />
      <span>{props.children}</span>
    </label>
  );
}
