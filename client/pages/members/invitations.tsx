import { For, Match, Show, Switch, createSignal } from 'solid-js';
import type { InvitationRowFragment } from '../../api/generated/graphql.ts';
import {
  InvitationsDocument,
  ResendInvitationDocument,
  RevokeInvitationDocument,
} from '../../api/generated/graphql.ts';
import { mutate } from '../../api/mutate.ts';
import { createPages } from '../../api/pages.ts';
import { problemText } from '../../api/problem.ts';
import { useOrganization, useReadOnlyReason } from '../../api/session.tsx';
import { RoleTag, Tag } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { Dialog, DialogActions } from '../../ui/dialog.tsx';
import { Panel } from '../../ui/page.tsx';
import { Empty, Notice, Problem, SkeletonRows } from '../../ui/states.tsx';
import { Cell, LoadMore, Row, Table } from '../../ui/table.tsx';
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

interface Told {
  tone: 'info' | 'bad';
  text: string;
}

/** Whoever was asked and has not answered. */
export function Invitations(props: { list: ReturnType<typeof createInvitationList> }) {
  const [revoking, setRevoking] = createSignal<InvitationRowFragment>();
  const [unsent, setUnsent] = createSignal<InvitationRowFragment>();
  const [told, setTold] = createSignal<Told>();
  const resend = async ({ id, email }: InvitationRowFragment): Promise<void> => {
    const { ok, failure } = await mutate(ResendInvitationDocument, { input: { id } });
    setTold(
      failure
        ? { tone: 'bad', text: failure.message }
        : { tone: 'info', text: `${email} has another seven days to accept.` },
    );
    if (ok && !ok.mailed) setUnsent(ok.invitation);
    props.list.refetch();
  };
  const revoke = async () => {
    const { failure } = await mutate(RevokeInvitationDocument, { input: { id: revoking()?.id ?? '' } });
    if (!failure) props.list.refetch();
    return failure;
  };
  return (
    <Panel title="Invitations" note="waiting to be accepted">
      <Show when={told()}>
        {(message) => (
          <div class="p-2">
            <Notice tone={message().tone}>{message().text}</Notice>
          </div>
        )}
      </Show>
      <Switch>
        <Match when={props.list.nodes().length > 0}>
          <Table
            label="Invitations"
            columns={[
              { label: 'E-mail' },
              { label: 'Role', wide: true },
              { label: 'Invited by', wide: true },
              { label: 'Expires' },
              { label: '', right: true },
            ]}
          >
            <For each={props.list.nodes()}>
              {(invitation) => (
                <InvitationRow
                  invitation={invitation}
                  onResend={() => resend(invitation)}
                  onRevoke={() => setRevoking(invitation)}
                />
              )}
            </For>
          </Table>
          <LoadMore what="invitations" list={props.list} />
        </Match>
        <Match when={props.list.loading()}>
          <SkeletonRows rows={1} />
        </Match>
        <Match when={props.list.error()}>
          {(error) => <Problem onRetry={props.list.refetch}>{problemText(error())}</Problem>}
        </Match>
        <Match when={true}>
          <Empty title="Nobody has an open invitation yet">
            Invited people appear here until they accept, and in the list above from then on.
          </Empty>
        </Match>
      </Switch>
      <ConfirmDialog
        open={revoking() !== undefined}
        danger
        title={`Revoke the invitation of ${revoking()?.email ?? ''}?`}
        action="Revoke invitation"
        onConfirm={revoke}
        onClose={() => setRevoking(undefined)}
      >
        <p class="text-ink-2">The link they were sent stops working at once. You can invite them again.</p>
      </ConfirmDialog>
      <Dialog open={unsent() !== undefined} onClose={() => setUnsent(undefined)} title="Invitation renewed">
        <Show when={unsent()}>{(invitation) => <InvitationLink invitation={invitation()} />}</Show>
        <DialogActions>
          <Button variant="primary" onClick={() => setUnsent(undefined)}>
            Done
          </Button>
        </DialogActions>
      </Dialog>
    </Panel>
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
