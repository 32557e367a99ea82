import { createEffect, createSignal, on } from 'solid-js';
import type { MemberRowFragment, Role } from '../../api/generated/graphql.ts';
import {
  ChangeRoleDocument,
  LeaveOrganizationDocument,
  RemoveMemberDocument,
} from '../../api/generated/graphql.ts';
import type { Failure } from '../../api/mutate.ts';
import { mutate } from '../../api/mutate.ts';
import { useOrganization, useSession } from '../../api/session.tsx';
import { createSubmission } from '../../api/submission.ts';
import type { ManageDialogProps } from './manage-dialog.tsx';

type Member = MemberRowFragment | undefined;

/** Whether a membership is one's own. */
export function useOwn(): (member: Member) => boolean {
  const session = useSession();
  return (member) => member !== undefined && member.user.id === session.data?.viewer?.user?.id;
}

/** The role a member is to have. */
export function createRoleChange(props: ManageDialogProps) {
  const session = useSession();
  const own = useOwn();
  const [role, setRole] = createSignal<Role>('MEMBER');
  const submission = createSubmission();
  createEffect(
    on(
      () => props.member,
      (member) => {
        submission.forget();
        if (member) setRole(member.role);
      },
    ),
  );
  const save = async (): Promise<void> => {
    const member = props.member;
    if (!member || submission.busy()) return;
    const input = { id: member.id, role: role() };
    const { ok } = await submission.settle(mutate(ChangeRoleDocument, { input }));
    if (!ok) return;
    props.onChanged();
    if (own(member)) session.refetch();
    props.onClose();
  };
  return { submission, role, setRole, save };
}

/** The end of a membership: asked for, and then made. */
export function createEnding(changed: () => void) {
  const organization = useOrganization();
  const own = useOwn();
  const [ending, ask] = createSignal<MemberRowFragment>();
  const end = async (): Promise<Failure | undefined> => {
    const member = ending();
    if (!member) return undefined;
    if (!own(member)) {
      const { failure } = await mutate(RemoveMemberDocument, { input: { id: member.id } });
      if (!failure) changed();
      return failure;
    }
    const { failure } = await mutate(LeaveOrganizationDocument, {
      input: { organizationId: organization().id },
    });
    // A whole new page: nothing of this organisation stays in memory.
    if (!failure) location.assign('/');
    return failure;
  };
  return { ending, ask, end };
}
