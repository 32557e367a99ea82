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

/** Each agent has a page of its own: what is open, written or on its way on one is not for the next. */
export default function AgentDetail() {
  const params = useParams();
  return (
    <Show when={params.id} keyed>
      {(id) => <Detail id={decodeURIComponent(id)} />}
    </Show>
  );
}

function Detail(props: { id: string }) {
  const organization = useOrganization();
  const agent = createQuery(AgentDetailDocument, () => ({ id: props.id }));
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
