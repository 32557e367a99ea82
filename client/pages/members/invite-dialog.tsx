import { Show, createSignal } from 'solid-js';
import type { InvitationRowFragment, Role } from '../../api/generated/graphql.ts';
import { InviteMemberDocument } from '../../api/generated/graphql.ts';
import type { Failure } from '../../api/mutate.ts';
import { mutate } from '../../api/mutate.ts';
import { useOrganization } from '../../api/session.tsx';
import { Button } from '../../ui/button.tsx';
import { CancelButton, Dialog, DialogActions } from '../../ui/dialog.tsx';
import { TextField } from '../../ui/field.tsx';
import { Notice } from '../../ui/states.tsx';
import { InvitationLink } from './invitation-link.tsx';
import { RoleField } from './role-field.tsx';

interface InviteDialogProps {
  open: boolean;
  onClose: () => void;
  onInvited: () => void;
}

export function InviteDialog(props: InviteDialogProps) {
  const organization = useOrganization();
  const [email, setEmail] = createSignal('');
  const [role, setRole] = createSignal<Role>('MEMBER');
  const [busy, setBusy] = createSignal(false);
  const [failure, setFailure] = createSignal<Failure>();
  /** Recorded, but not mailed. */
  const [unsent, setUnsent] = createSignal<InvitationRowFragment>();
  const close = (): void => {
    setEmail('');
    setRole('MEMBER');
    setFailure(undefined);
    setUnsent(undefined);
    props.onClose();
  };
  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    if (busy()) return;
    setBusy(true);
    const { ok, failure: refused } = await mutate(InviteMemberDocument, {
      input: { organizationId: organization().id, email: email().trim(), role: role() },
    });
    setBusy(false);
    setFailure(refused);
    if (!ok) return;
    props.onInvited();
    if (ok.mailed) close();
    else setUnsent(ok.invitation);
  };
  return (
    <Dialog
      open={props.open}
      onClose={close}
      busy={busy()}
      title="Invite member"
      description={`They accept by signing in with this address, within 7 days.`}
    >
      <Show
        when={unsent()}
        fallback={
          <form onSubmit={(event) => void submit(event)} novalidate class="flex flex-col gap-3">
            <Show when={failure() && !failure()?.fields.email}>
              <Notice tone="bad">{failure()?.message}</Notice>
            </Show>
            <TextField
              label="E-mail"
              type="email"
              autofocus
              value={email()}
              onInput={setEmail}
              error={failure()?.fields.email}
            />
            <RoleField role={role()} onChange={setRole} />
            <DialogActions>
              <CancelButton />
              <Button type="submit" variant="primary" busy={busy()}>
                Send invitation
              </Button>
            </DialogActions>
          </form>
        }
      >
        {(invitation) => (
          <>
            <InvitationLink invitation={invitation()} />
            <DialogActions>
              <Button variant="primary" onClick={close}>
                Done
              </Button>
            </DialogActions>
          </>
        )}
      </Show>
    </Dialog>
  );
}
