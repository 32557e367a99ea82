import { useNavigate } from '@solidjs/router';
import { createEffect, createSignal } from 'solid-js';
import { AcceptInvitationDocument } from '../../api/generated/graphql.ts';
import type { Failure } from '../../api/mutate.ts';
import { mutate } from '../../api/mutate.ts';
import { useSession } from '../../api/session.tsx';
import { Button } from '../../ui/button.tsx';
import { Refused } from '../../ui/refused.tsx';

/** Accepts, and goes on to the organisation once the session knows of it. */
export function AcceptButton(props: { id: string; organization: string }) {
  const session = useSession();
  const navigate = useNavigate();
  const [busy, setBusy] = createSignal(false);
  const [failure, setFailure] = createSignal<Failure>();
  const [joined, setJoined] = createSignal<string>();
  const accept = async (): Promise<void> => {
    if (busy()) return;
    setBusy(true);
    const { ok, failure: refused } = await mutate(AcceptInvitationDocument, { input: { id: props.id } });
    setFailure(refused);
    if (!ok) return void setBusy(false);
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
      <Refused failure={failure()} />
      <Button variant="primary" class="w-full" busy={busy()} onClick={() => void accept()}>
        Join {props.organization}
      </Button>
    </div>
  );
}
