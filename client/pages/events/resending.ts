import { createEffect, createSignal, on } from 'solid-js';
import { ResendEventDocument } from '../../api/generated/graphql.ts';
import { mutate } from '../../api/mutate.ts';
import { createSubmission } from '../../api/submission.ts';
import { indentJson, payloadProblem } from '../../format/json.ts';
import { toast } from '../../ui/toast.tsx';
import { useOpenEvent } from './event-place.tsx';
import type { ResendDialogProps } from './resend-dialog.tsx';

/** How an event is to be sent again, and its way. */
export function createResending(props: ResendDialogProps) {
  const openEvent = useOpenEvent();
  const [handOver, setHandOver] = createSignal(false);
  const [sameThread, setSameThread] = createSignal(false);
  const [payload, setPayload] = createSignal('');
  const submission = createSubmission();
  const laidOut = () => indentJson(props.event.payload ?? '');
  createEffect(
    on(
      () => props.open,
      (open) => {
        if (!open) return;
        setPayload(laidOut());
        submission.forget();
      },
    ),
  );
  const problem = () => (props.edit ? payloadProblem(payload()) : undefined);
  const input = () => ({
    id: props.event.id,
    handOver: handOver(),
    ...(sameThread() ? { threadId: props.event.threadId } : {}),
    // What was not changed goes out byte for byte as it came in, not as it was laid out for reading.
    ...(props.edit && payload() !== laidOut() ? { payload: payload().trim() } : {}),
  });
  const send = async (): Promise<void> => {
    if (submission.busy() || problem()) return;
    const { ok } = await submission.settle(mutate(ResendEventDocument, { input: input() }));
    if (!ok) return;
    props.onClose();
    toast(`Sent again as ${ok.event.eventId}.`);
    openEvent(ok.event.eventId);
  };
  return { submission, handOver, setHandOver, sameThread, setSameThread, payload, setPayload, problem, send };
}
