import { useParams } from '@solidjs/router';
import { Match, Switch } from 'solid-js';
import { AgentDetailDocument } from '../../api/generated/graphql.ts';
import { problemText } from '../../api/problem.ts';
import { createQuery } from '../../api/query.ts';
import { useOrganization } from '../../api/session.tsx';
import { Page, Panel } from '../../ui/page.tsx';
import { Problem, SkeletonRows } from '../../ui/states.tsx';
import NotFound from '../not-found/not-found.tsx';
import { AgentBody } from './agent-body.tsx';

export default function AgentDetail() {
  const params = useParams();
  const organization = useOrganization();
  const agent = createQuery(AgentDetailDocument, () => ({ id: decodeURIComponent(params.id ?? '') }));
  return (
    <Switch>
      <Match when={agent.data?.agent}>{(found) => <AgentBody agent={found()} />}</Match>
      <Match when={agent.loading}>
        <Page
          title="Agent"
          heading="&nbsp;"
          crumbs={[{ label: 'Agents', href: `/${organization().slug}/agents` }]}
        >
          <Panel>
            <SkeletonRows rows={10} />
          </Panel>
        </Page>
      </Match>
      <Match when={agent.error}>
        {(error) => <Problem onRetry={() => agent.refetch()}>{problemText(error())}</Problem>}
      </Match>
      <Match when={true}>
        <NotFound what="Agent" />
      </Match>
    </Switch>
  );
}
