import { For, Show, createSignal } from 'solid-js';
import type { InvitationRowFragment } from '../../api/generated/graphql.ts';
import {
  InvitationsDocument,
  ResendInvitationDocument,
  RevokeInvitationDocument,
} from '../../api/generated/graphql.ts';
import { mutate } from '../../api/mutate.ts';
import { createPages } from '../../api/pages.ts';
import { useOrganization, useReadOnlyReason } from '../../api/session.tsx';
import { RoleTag, Tag } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { Dialog, DialogActions } from '../../ui/dialog.tsx';
import { Listed } from '../../ui/listed.tsx';
import { Panel } from '../../ui/page.tsx';
import { Empty, Notice } from '../../ui/states.tsx';
import { Cell, Row, Table } from '../../ui/table.tsx';
import { Ago } from '../../ui/time.tsx';
import { ConfirmDialog } from '../connectable/confirm-dialog.tsx';
import { InvitationLink } from './invitation-link.tsx';

export function createInvitationList() {
  const organization = useOrganization();
  return createPages(
    InvitationsDocument,
    () => ({ org: organization().slug }),
    (data) => data.organization?.invitations,
  );
}

const columns = [
  { label: 'E-mail' },
  { label: 'Role', wide: true },
  { label: 'Invited by', wide: true },
  { label: 'Expires' },
  { label: '', right: true },
];

interface Told {
  tone: 'info' | 'bad';
  text: string;
}

/** What is done with invitations, and what is to be said about it. */
function createHandling(refetch: () => void) {
  const [revoking, ask] = createSignal<InvitationRowFragment>();
  const [unsent, setUnsent] = createSignal<InvitationRowFragment>();
  const [told, setTold] = createSignal<Told>();
  return {
    told,
    /** Recorded, but not mailed. */
    unsent,
    done: (): void => void setUnsent(undefined),
    resend: async ({ id, email }: InvitationRowFragment): Promise<void> => {
      const { ok, failure } = await mutate(ResendInvitationDocument, { input: { id } });
      setTold(
        failure
          ? { tone: 'bad', text: failure.message }
          : { tone: 'info', text: `${email} has another seven days to accept.` },
      );
      if (ok && !ok.mailed) setUnsent(ok.invitation);
      refetch();
    },
    /** The one that is about to be revoked. */
    revoking,
    ask,
    revoke: async () => {
      const { failure } = await mutate(RevokeInvitationDocument, { input: { id: revoking()?.id ?? '' } });
      if (!failure) refetch();
      return failure;
    },
  };
}

/** Whoever was asked and has not answered. */
export function Invitations(props: { list: ReturnType<typeof createInvitationList> }) {
  const handling = createHandling(() => props.list.refetch());
  return (
    <Panel title="Invitations" note="waiting to be accepted">
      <Show when={handling.told()}>
        {(message) => (
          <div class="p-2">
            <Notice tone={message().tone}>{message().text}</Notice>
          </div>
        )}
      </Show>
      <Listed
        list={props.list}
        what="invitations"
        guess={1}
        empty={
          <Empty title="Nobody has an open invitation yet">
            Invited people appear here until they accept, and in the list above from then on.
          </Empty>
        }
      >
        <Table label="Invitations" columns={columns}>
          <For each={props.list.nodes()}>
            {(invitation) => (
              <InvitationRow
                invitation={invitation}
                onResend={() => handling.resend(invitation)}
                onRevoke={() => handling.ask(invitation)}
              />
            )}
          </For>
        </Table>
      </Listed>
      <Dialogs handling={handling} />
    </Panel>
  );
}

function Dialogs(props: { handling: ReturnType<typeof createHandling> }) {
  return (
    <>
      <ConfirmDialog
        open={props.handling.revoking() !== undefined}
        danger
        title={`Revoke the invitation of ${props.handling.revoking()?.email ?? ''}?`}
        action="Revoke invitation"
        onConfirm={props.handling.revoke}
        onClose={() => props.handling.ask(undefined)}
      >
        <p class="text-ink-2">The link they were sent stops working at once. You can invite them again.</p>
      </ConfirmDialog>
      <Dialog
        open={props.handling.unsent() !== undefined}
        onClose={props.handling.done}
        title="Invitation renewed"
      >
        <Show when={props.handling.unsent()}>
          {(invitation) => <InvitationLink invitation={invitation()} />}
        </Show>
        <DialogActions>
          <Button variant="primary" onClick={props.handling.done}>
            Done
          </Button>
        </DialogActions>
      </Dialog>
    </>
  );
}

interface InvitationRowProps {
  invitation: InvitationRowFragment;
  onResend: () => Promise<void>;
  onRevoke: () => void;
}

function InvitationRow(props: InvitationRowProps) {
  const readOnly = useReadOnlyReason();
  const [busy, setBusy] = createSignal(false);
  const resend = async (): Promise<void> => {
    setBusy(true);
    await props.onResend();
    setBusy(false);
  };
  return (
    <Row dim={props.invitation.state === 'EXPIRED'}>
      <Cell class="font-medium break-all">{props.invitation.email}</Cell>
      <Cell wide>
        <RoleTag role={props.invitation.role} />
      </Cell>
      <Cell wide class="max-w-48 truncate text-ink-2">
        {props.invitation.invitedBy}
      </Cell>
      <Cell class="text-ink-2">
        <Show when={props.invitation.state === 'EXPIRED'} fallback={<Ago at={props.invitation.expiresAt} />}>
          <Tag>expired</Tag>
        </Show>
      </Cell>
      <Cell right>
        <span class="inline-flex gap-2 max-sm:flex-col">
          <Button
            class="h-7!"
            aria-label={`Resend to ${props.invitation.email}`}
            busy={busy()}
            disabledReason={readOnly()}
            onClick={() => void resend()}
          >
            Resend
          </Button>
          <Button
            class="h-7!"
            variant="danger"
            aria-label={`Revoke the invitation of ${props.invitation.email}`}
            disabledReason={readOnly()}
            onClick={() => props.onRevoke()}
          >
            Revoke
          </Button>
        </span>
      </Cell>
    </Row>
  );
}
