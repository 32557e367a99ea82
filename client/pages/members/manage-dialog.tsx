import { Show } from 'solid-js';
import type { MemberRowFragment } from '../../api/generated/graphql.ts';
import { useOrganization, useReadOnlyReason } from '../../api/session.tsx';
import { Button } from '../../ui/button.tsx';
import { CancelButton, Dialog, DialogActions } from '../../ui/dialog.tsx';
import { Refused } from '../../ui/refused.tsx';
import { Notice } from '../../ui/states.tsx';
import { ConfirmDialog } from '../connectable/confirm-dialog.tsx';
import { createEnding, createRoleChange, useOwn } from './managing.ts';
import { RoleField } from './role-field.tsx';

export interface ManageDialogProps {
  /** Open while there is one. */
  member: MemberRowFragment | undefined;
  lastOwner: (member: MemberRowFragment) => boolean;
  onChanged: () => void;
  onClose: () => void;
}

const LAST_OWNER = 'This is the last owner. Make somebody else an owner first.';

/** A member's role, and the end of a membership: of another's, or of one's own. */
export function ManageDialog(props: ManageDialogProps) {
  const ending = createEnding(() => props.onChanged());
  const askToEnd = (): void => {
    ending.ask(props.member);
    props.onClose();
  };
  return (
    <>
      <RoleDialog {...props} onEnd={askToEnd} />
      <EndDialog ending={ending} />
    </>
  );
}

function RoleDialog(props: ManageDialogProps & { onEnd: () => void }) {
  const organization = useOrganization();
  const readOnly = useReadOnlyReason();
  const own = useOwn();
  const change = createRoleChange(props);
  const kept = () => (props.member && props.lastOwner(props.member) ? LAST_OWNER : undefined);
  const unendable = () =>
    (own(props.member) ? undefined : readOnly()) ??
    kept() ??
    (change.submission.busy() ? 'The role is being saved.' : undefined);
  return (
    <Dialog
      open={props.member !== undefined}
      onClose={() => props.onClose()}
      busy={change.submission.busy()}
      title={own(props.member) ? 'Your membership' : (props.member?.user.email ?? '')}
    >
      <div class="flex flex-col gap-3">
        <Refused failure={change.submission.failure()} />
        <Show when={kept()}>{(reason) => <Notice tone="info">{reason()}</Notice>}</Show>
        <Show
          when={!readOnly()}
          fallback={<p class="text-ink-2">You are a member of {organization().name} and can read.</p>}
        >
          <RoleField role={change.role()} onChange={change.setRole} />
        </Show>
      </div>
      <DialogActions>
        <span class="mr-auto">
          <Button variant="danger" disabledReason={unendable()} onClick={() => props.onEnd()}>
            {own(props.member) ? 'Leave organization' : 'Remove member'}
          </Button>
        </span>
        <CancelButton />
        <Show when={!readOnly()}>
          <Button
            variant="primary"
            busy={change.submission.busy()}
            disabledReason={change.role() === props.member?.role ? 'This is the role already.' : kept()}
            onClick={() => void change.save()}
          >
            Save role
          </Button>
        </Show>
      </DialogActions>
    </Dialog>
  );
}

function EndDialog(props: { ending: ReturnType<typeof createEnding> }) {
  const organization = useOrganization();
  const isOwn = useOwn();
  const member = () => props.ending.ending();
  const own = () => isOwn(member());
  return (
    <ConfirmDialog
      open={member() !== undefined}
      danger
      title={own() ? `Leave ${organization().name}?` : `Remove ${member()?.user.email ?? ''}?`}
      action={own() ? 'Leave organization' : 'Remove member'}
      onConfirm={props.ending.end}
      onClose={() => props.ending.ask(undefined)}
    >
      <p class="text-ink-2">
        {own() ? 'You lose' : 'They lose'} access at once, and API keys {own() ? 'you' : 'they'} made here
        stop working for good. An owner can invite {own() ? 'you' : 'them'} again.
      </p>
    </ConfirmDialog>
  );
}
