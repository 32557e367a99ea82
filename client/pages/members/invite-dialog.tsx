import { Show, createSignal } from 'solid-js';
import type { InvitationRowFragment, Role } from '../../api/generated/graphql.ts';
import { InviteMemberDocument } from '../../api/generated/graphql.ts';
import { mutate } from '../../api/mutate.ts';
import { useOrganization } from '../../api/session.tsx';
import { createSubmission } from '../../api/submission.ts';
import { Button } from '../../ui/button.tsx';
import { DialogForm } from '../../ui/dialog-form.tsx';
import { Dialog, DialogActions } from '../../ui/dialog.tsx';
import { TextField } from '../../ui/field.tsx';
import { InvitationLink } from './invitation-link.tsx';
import { RoleField } from './role-field.tsx';

interface InviteDialogProps {
  open: boolean;
  onClose: () => void;
  onInvited: () => void;
}

/** An invitation as it is filled in, until it is sent; or recorded, if it could not be mailed. */
function createInviting(props: InviteDialogProps) {
  const organization = useOrganization();
  const [email, setEmail] = createSignal('');
  const [role, setRole] = createSignal<Role>('MEMBER');
  const submission = createSubmission();
  /** Recorded, but not mailed. */
  const [unsent, setUnsent] = createSignal<InvitationRowFragment>();
  const close = (): void => {
    setEmail('');
    setRole('MEMBER');
    submission.forget();
    setUnsent(undefined);
    props.onClose();
  };
  const submit = async (): Promise<void> => {
    if (submission.busy()) return;
    const input = { organizationId: organization().id, email: email().trim(), role: role() };
    const { ok } = await submission.settle(mutate(InviteMemberDocument, { input }));
    if (!ok) return;
    props.onInvited();
    if (ok.mailed) close();
    else setUnsent(ok.invitation);
  };
  return { email, setEmail, role, setRole, submission, unsent, submit, close };
}

export function InviteDialog(props: InviteDialogProps) {
  const inviting = createInviting(props);
  const { close, submission } = inviting;
  return (
    <Dialog
      open={props.open}
      onClose={close}
      busy={submission.busy()}
      title="Invite member"
      description={`They accept by signing in with this address, within 7 days.`}
    >
      <Show
        when={inviting.unsent()}
        fallback={
          <DialogForm
            submission={submission}
            fields={['email']}
            action="Send invitation"
            onSubmit={inviting.submit}
          >
            <TextField
              label="E-mail"
              type="email"
              autofocus
              value={inviting.email()}
              onInput={inviting.setEmail}
              error={submission.failure()?.fields.email}
            />
            <RoleField role={inviting.role()} onChange={inviting.setRole} />
          </DialogForm>
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
