import { useParams } from '@solidjs/router';
import { Match, Show, Switch } from 'solid-js';
import { AgentDetailDocument } from '../../api/generated/graphql.ts';
import { problemText } from '../../api/problem.ts';
import { createQuery } from '../../api/query.ts';
import { everyWhileSeen } from '../../api/refresh.ts';
import { useOrganization } from '../../api/session.tsx';
import { Page, Panel } from '../../ui/page.tsx';
import { Problem, SkeletonRows } from '../../ui/states.tsx';
import NotFound from '../not-found/not-found.tsx';
import { AgentBody } from './agent-body.tsx';

const REFRESH_MS = 10_000;

export default function AgentDetail() {
  const params = useParams();
  const organization = useOrganization();
  const agent = createQuery(AgentDetailDocument, () => ({ id: decodeURIComponent(params.id ?? '') }));
  // What is live comes by itself; how many events wait has to be asked.
  everyWhileSeen(REFRESH_MS, () => agent.refresh());
  return (
    <Switch>
      <Match when={agent.data?.agent}>{(found) => <AgentBody agent={found()} />}</Match>
      <Match when={agent.loading || agent.error}>
        <Page
          title="Agent"
          heading="&nbsp;"
          crumbs={[{ label: 'Agents', href: `/${organization().slug}/agents` }]}
        >
          <Panel>
            <Show when={agent.error} fallback={<SkeletonRows rows={10} />}>
              {(error) => <Problem onRetry={() => agent.refetch()}>{problemText(error())}</Problem>}
            </Show>
          </Panel>
        </Page>
      </Match>
      <Match when={true}>
        <NotFound what="Agent" />
      </Match>
    </Switch>
  );
}
