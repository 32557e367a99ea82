import { Show, createEffect, createSignal, on } from 'solid-js';
import type { MemberRowFragment, Role } from '../../api/generated/graphql.ts';
import {
  ChangeRoleDocument,
  LeaveOrganizationDocument,
  RemoveMemberDocument,
} from '../../api/generated/graphql.ts';
import type { Failure } from '../../api/mutate.ts';
import { mutate } from '../../api/mutate.ts';
import { useOrganization, useReadOnlyReason, useSession } from '../../api/session.tsx';
import { Button } from '../../ui/button.tsx';
import { CancelButton, Dialog, DialogActions } from '../../ui/dialog.tsx';
import { Notice } from '../../ui/states.tsx';
import { ConfirmDialog } from '../connectable/confirm-dialog.tsx';
import { RoleField } from './role-field.tsx';

interface ManageDialogProps {
  /** Open while there is one. */
  member: MemberRowFragment | undefined;
  lastOwner: (member: MemberRowFragment) => boolean;
  onChanged: () => void;
  onClose: () => void;
}

const LAST_OWNER = 'This is the last owner. Make somebody else an owner first.';

/** A member's role, and the end of a membership: of another's, or of one's own. */
export function ManageDialog(props: ManageDialogProps) {
  const organization = useOrganization();
  const session = useSession();
  const readOnly = useReadOnlyReason();
  const [role, setRole] = createSignal<Role>('MEMBER');
  const [busy, setBusy] = createSignal(false);
  const [failure, setFailure] = createSignal<Failure>();
  const [ending, setEnding] = createSignal<MemberRowFragment>();
  createEffect(
    on(
      () => props.member,
      (member) => {
        setFailure(undefined);
        if (member) setRole(member.role);
      },
    ),
  );
  const own = (member: MemberRowFragment | undefined): boolean =>
    member !== undefined && member.user.id === session.data?.viewer?.user?.id;
  const kept = () => (props.member && props.lastOwner(props.member) ? LAST_OWNER : undefined);
  const save = async (): Promise<void> => {
    const member = props.member;
    if (!member || busy()) return;
    setBusy(true);
    const { ok, failure: refused } = await mutate(ChangeRoleDocument, {
      input: { id: member.id, role: role() },
    });
    setBusy(false);
    setFailure(refused);
    if (!ok) return;
    props.onChanged();
    if (own(member)) session.refetch();
    props.onClose();
  };
  const end = async (): Promise<Failure | undefined> => {
    const member = ending();
    if (!member) return undefined;
    if (!own(member)) {
      const { failure: refused } = await mutate(RemoveMemberDocument, { input: { id: member.id } });
      if (!refused) props.onChanged();
      return refused;
    }
    const { failure: refused } = await mutate(LeaveOrganizationDocument, {
      input: { organizationId: organization().id },
    });
    // A whole new page: nothing of this organisation stays in memory.
    if (!refused) location.assign('/');
    return refused;
  };
  const askToEnd = (): void => {
    setEnding(props.member);
    props.onClose();
  };
  return (
    <>
      <Dialog
        open={props.member !== undefined}
        onClose={() => props.onClose()}
        busy={busy()}
        title={own(props.member) ? 'Your membership' : (props.member?.user.email ?? '')}
      >
        <div class="flex flex-col gap-3">
          <Show when={failure()}>{(refused) => <Notice tone="bad">{refused().message}</Notice>}</Show>
          <Show when={kept()}>{(reason) => <Notice tone="info">{reason()}</Notice>}</Show>
          <Show
            when={!readOnly()}
            fallback={<p class="text-ink-2">You are a member of {organization().name} and can read.</p>}
          >
            <RoleField role={role()} onChange={setRole} />
          </Show>
        </div>
        <DialogActions>
          <span class="mr-auto">
            <Button variant="danger" disabledReason={kept()} onClick={askToEnd}>
              {own(props.member) ? 'Leave organization' : 'Remove member'}
            </Button>
          </span>
          <CancelButton />
          <Show when={!readOnly()}>
            <Button
              variant="primary"
              busy={busy()}
              disabledReason={role() === props.member?.role ? 'This is the role already.' : kept()}
              onClick={() => void save()}
            >
              Save role
            </Button>
          </Show>
        </DialogActions>
      </Dialog>
      <ConfirmDialog
        open={ending() !== undefined}
        danger
        title={own(ending()) ? `Leave ${organization().name}?` : `Remove ${ending()?.user.email ?? ''}?`}
        action={own(ending()) ? 'Leave organization' : 'Remove member'}
        onConfirm={end}
        onClose={() => setEnding(undefined)}
      >
        <p class="text-ink-2">
          {own(ending()) ? 'You lose' : 'They lose'} access at once, and API keys{' '}
          {own(ending()) ? 'you' : 'they'} made here stop working for good. An owner can invite{' '}
          {own(ending()) ? 'you' : 'them'} again.
        </p>
      </ConfirmDialog>
    </>
  );
}
