import { For, Match, Switch } from 'solid-js';
import { MembersDocument } from '../../api/generated/graphql.ts';
import { createPages } from '../../api/pages.ts';
import { problemText } from '../../api/problem.ts';
import { useOrganization, useSession } from '../../api/session.tsx';
import { Tag } from '../../ui/badge.tsx';
import { Page, Panel } from '../../ui/page.tsx';
import { Problem, SkeletonRows } from '../../ui/states.tsx';
import { Cell, LoadMore, Row, Table } from '../../ui/table.tsx';
import { Ago } from '../../ui/time.tsx';

export default function Members() {
  const organization = useOrganization();
  const session = useSession();
  const list = createPages(
    MembersDocument,
    () => ({ org: organization().slug }),
    (data) => data.organization?.members,
  );
  return (
    <Page title="Members">
      <Panel>
        <Switch>
          <Match when={list.nodes().length > 0}>
            <Table
              label="Members"
              columns={[{ label: 'E-mail' }, { label: 'Role' }, { label: 'Joined', right: true }]}
            >
              <For each={list.nodes()}>
                {(member) => (
                  <Row>
                    <Cell class="font-medium break-all">
                      {member.user.email}
                      {member.user.id === session.data?.viewer?.user?.id && (
                        <span class="ml-1.5 font-normal text-ink-3">you</span>
                      )}
                    </Cell>
                    <Cell>
                      <Tag look={member.role === 'OWNER' ? 'bg-accent-soft text-accent-ink' : undefined}>
                        {member.role.toLowerCase()}
                      </Tag>
                    </Cell>
                    <Cell right class="text-ink-2">
                      <Ago at={member.createdAt} />
                    </Cell>
                  </Row>
                )}
              </For>
            </Table>
            <LoadMore shown={list.hasMore()} busy={list.loadingMore()} onMore={list.more} />
          </Match>
          <Match when={list.loading()}>
            <SkeletonRows rows={3} />
          </Match>
          <Match when={true}>
            <Problem onRetry={list.refetch}>{problemText(list.error())}</Problem>
          </Match>
        </Switch>
      </Panel>
      <p class="text-ink-3">Owners can change everything here. Members can read.</p>
    </Page>
  );
}
