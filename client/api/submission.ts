import { createSignal } from 'solid-js';
import type { Failure } from './mutate.ts';

export type Submission = ReturnType<typeof createSubmission>;

/** What a form sends: whether it is under way, and what was refused the last time. */
export function createSubmission() {
  const [busy, setBusy] = createSignal(false);
  const [failure, setFailure] = createSignal<Failure>();
  return {
    busy,
    failure,
    /** Forgets what was refused. */
    forget: (): void => void setFailure(undefined),
    /** Waits for what was sent and keeps its failure, if there is one. */
    settle: async <Answer extends { failure?: Failure | undefined }>(
      sent: Promise<Answer>,
    ): Promise<Answer> => {
      setBusy(true);
      const answer = await sent;
      setBusy(false);
      setFailure(answer.failure);
      return answer;
    },
  };
}
