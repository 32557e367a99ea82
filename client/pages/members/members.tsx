import { For, Show, createSignal } from 'solid-js';
import type { MemberRowFragment } from '../../api/generated/graphql.ts';
import { MembersDocument } from '../../api/generated/graphql.ts';
import { createPages } from '../../api/pages.ts';
import { problemText } from '../../api/problem.ts';
import { useOrganization, useReadOnlyReason, useSession } from '../../api/session.tsx';
import { RoleTag } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { Listed } from '../../ui/listed.tsx';
import { Page, Panel } from '../../ui/page.tsx';
import { Problem } from '../../ui/states.tsx';
import { Cell, Row, Table } from '../../ui/table.tsx';
import { Ago } from '../../ui/time.tsx';
import { createInvitationList, Invitations } from './invitations.tsx';
import { InviteDialog } from './invite-dialog.tsx';
import { ManageDialog } from './manage-dialog.tsx';

const columns = [
  { label: 'E-mail' },
  { label: 'Role' },
  { label: 'Joined', wide: true },
  { label: '', right: true },
];

export default function Members() {
  const organization = useOrganization();
  const readOnly = useReadOnlyReason();
  const [inviting, setInviting] = createSignal(false);
  const [managed, setManaged] = createSignal<MemberRowFragment>();
  const list = createPages(
    MembersDocument,
    () => ({ org: organization().slug }),
    (data) => data.organization?.members,
  );
  const invitations = createInvitationList();
  /** Known only once all pages are there; the server refuses in any case. */
  const isLastOwner = (member: MemberRowFragment): boolean =>
    member.role === 'OWNER' &&
    !list.hasMore() &&
    list.nodes().filter(({ role }) => role === 'OWNER').length === 1;
  return (
    <Page
      title="Members"
      actions={
        <Button variant="primary" disabledReason={readOnly()} onClick={() => setInviting(true)}>
          Invite member
        </Button>
      }
    >
      <Panel>
        <Listed
          list={list}
          what="members"
          guess={3}
          // Whoever sees this page is a member.
          empty={<Problem onRetry={list.refetch}>{problemText(undefined)}</Problem>}
        >
          <Table label="Members" columns={columns}>
            <For each={list.nodes()}>
              {(member) => <MemberRow member={member} onManage={() => setManaged(member)} />}
            </For>
          </Table>
        </Listed>
      </Panel>
      <Invitations list={invitations} />
      <p class="text-ink-3">Owners can change everything here. Members can read.</p>
      <InviteDialog open={inviting()} onClose={() => setInviting(false)} onInvited={invitations.refetch} />
      <ManageDialog
        member={managed()}
        lastOwner={isLastOwner}
        onChanged={() => {
          list.refetch();
          // With a right to invite go the invitations that were sent by it.
          invitations.refetch();
        }}
        onClose={() => setManaged(undefined)}
      />
    </Page>
  );
}

function MemberRow(props: { member: MemberRowFragment; onManage: () => void }) {
  const session = useSession();
  const readOnly = useReadOnlyReason();
  const own = () => props.member.user.id === session.data?.viewer?.user?.id;
  return (
    <Row>
      <Cell class="font-medium break-all">
        {props.member.user.email}
        <Show when={own()}>
          {' '}
          <span class="font-normal text-ink-3">you</span>
        </Show>
      </Cell>
      <Cell>
        <RoleTag role={props.member.role} />
      </Cell>
      <Cell wide class="text-ink-2">
        <Ago at={props.member.createdAt} />
      </Cell>
      <Cell right>
        <Button
          class="h-7!"
          aria-label={`${own() && readOnly() ? 'Leave' : 'Manage'} ${props.member.user.email}`}
          disabledReason={own() ? undefined : readOnly()}
          onClick={() => props.onManage()}
        >
          {own() && readOnly() ? 'Leave' : 'Manage'}
        </Button>
      </Cell>
    </Row>
  );
}
