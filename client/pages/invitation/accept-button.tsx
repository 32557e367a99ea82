import { useNavigate } from '@solidjs/router';
import { createEffect, createSignal } from 'solid-js';
import { AcceptInvitationDocument } from '../../api/generated/graphql.ts';
import { mutate } from '../../api/mutate.ts';
import { useSession } from '../../api/session.tsx';
import { createSubmission } from '../../api/submission.ts';
import { Button } from '../../ui/button.tsx';
import { Refused } from '../../ui/refused.tsx';

/** Accepts, and goes on to the organisation once the session knows of it. */
export function AcceptButton(props: { id: string; organization: string }) {
  const session = useSession();
  const navigate = useNavigate();
  const submission = createSubmission();
  const [joined, setJoined] = createSignal<string>();
  /** Once it is accepted, the button waits for the session to know of it. */
  const busy = () => submission.busy() || joined() !== undefined;
  const accept = async (): Promise<void> => {
    if (busy()) return;
    const { ok } = await submission.settle(mutate(AcceptInvitationDocument, { input: { id: props.id } }));
    if (!ok) return;
    setJoined(ok.membership.organization.slug);
    session.refetch();
  };
  createEffect(() => {
    const slug = joined();
    if (session.data?.viewer?.organizations.some((organization) => organization.slug === slug))
      navigate(`/${slug}`, { replace: true });
  });
  return (
    <div class="flex flex-col gap-3">
      <Refused failure={submission.failure()} />
      <Button variant="primary" class="w-full" busy={busy()} onClick={() => void accept()}>
        Join {props.organization}
      </Button>
    </div>
  );
}
