import type { JSX } from 'solid-js';
import { Show, createEffect, createSignal, on } from 'solid-js';
import type { EventDetailFragment } from '../../api/generated/graphql.ts';
import { ResendEventDocument } from '../../api/generated/graphql.ts';
import type { Failure } from '../../api/mutate.ts';
import { mutate } from '../../api/mutate.ts';
import { indentJson, isJsonObject } from '../../format/json.ts';
import { Button } from '../../ui/button.tsx';
import { CancelButton, Dialog, DialogActions } from '../../ui/dialog.tsx';
import { Field, inputLook } from '../../ui/field.tsx';
import { Notice } from '../../ui/states.tsx';
import { toast } from '../../ui/toast.tsx';
import { useOpenEvent } from './event-place.tsx';

interface ResendDialogProps {
  event: EventDetailFragment;
  open: boolean;
  /** Offers the payload for changing. */
  edit: boolean;
  onClose: () => void;
}

/** Sends an event again as a new one, which names the one it repeats: the very same payload, or one changed here. */
export function ResendDialog(props: ResendDialogProps) {
  const openEvent = useOpenEvent();
  const [handOver, setHandOver] = createSignal(false);
  const [sameThread, setSameThread] = createSignal(false);
  const [payload, setPayload] = createSignal('');
  const [busy, setBusy] = createSignal(false);
  const [failure, setFailure] = createSignal<Failure>();
  const laidOut = () => indentJson(props.event.payload ?? '');
  createEffect(
    on(
      () => props.open,
      (open) => {
        if (!open) return;
        setPayload(laidOut());
        setFailure(undefined);
      },
    ),
  );
  const problem = () =>
    props.edit && !isJsonObject(payload()) ? 'The payload has to be a JSON object.' : undefined;
  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    if (busy() || problem()) return;
    setBusy(true);
    const { ok, failure: refused } = await mutate(ResendEventDocument, {
      input: {
        id: props.event.id,
        handOver: handOver(),
        ...(sameThread() ? { threadId: props.event.threadId } : {}),
        // What was not changed goes out byte for byte as it came in, not as it was laid out for reading.
        ...(props.edit && payload() !== laidOut() ? { payload: payload().trim() } : {}),
      },
    });
    setBusy(false);
    setFailure(refused);
    if (!ok) return;
    props.onClose();
    toast(`Sent again as ${ok.event.eventId}.`);
    openEvent(ok.event.eventId);
  };
  return (
    <Dialog
      open={props.open}
      onClose={() => props.onClose()}
      busy={busy()}
      wide={props.edit}
      title={props.edit ? 'Edit and resend this event' : 'Resend this event?'}
      description={`${props.edit ? 'This' : 'The same'} payload goes to ${props.event.agentId} as a new event marked as sent from the dashboard.`}
    >
      <form onSubmit={(event) => void submit(event)} novalidate class="flex flex-col gap-3">
        <Show when={failure() && !failure()?.fields.payload}>
          <Notice tone="bad">{failure()?.message}</Notice>
        </Show>
        <Show when={props.edit}>
          <Field label="Payload" error={problem() ?? failure()?.fields.payload}>
            {(ids) => (
              <textarea
                id={ids.id}
                aria-describedby={ids.describedBy}
                aria-invalid={ids.invalid}
                rows="14"
                spellcheck={false}
                value={payload()}
                onInput={(event) => setPayload(event.currentTarget.value)}
                class={`${inputLook} py-1.5 font-mono text-xs/5`}
              />
            )}
          </Field>
        </Show>
        <Check checked={sameThread()} onChange={setSameThread}>
          In the same thread <span class="text-ink-3">(otherwise a test thread of its own)</span>
        </Check>
        <Check checked={handOver()} onChange={setHandOver}>
          Hand the answer to the app {props.event.app.name}
        </Check>
        <DialogActions>
          <CancelButton />
          <Button type="submit" variant="primary" busy={busy()}>
            Resend
          </Button>
        </DialogActions>
      </form>
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
