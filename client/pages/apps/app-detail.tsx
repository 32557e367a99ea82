import { useParams } from '@solidjs/router';
import { Match, Show, Switch } from 'solid-js';
import { AppDetailDocument } from '../../api/generated/graphql.ts';
import { problemText } from '../../api/problem.ts';
import { createQuery } from '../../api/query.ts';
import { everyWhileSeen } from '../../api/refresh.ts';
import { useOrganization } from '../../api/session.tsx';
import { Page, Panel } from '../../ui/page.tsx';
import { Problem, SkeletonRows } from '../../ui/states.tsx';
import NotFound from '../not-found/not-found.tsx';
import { AppBody } from './app-body.tsx';

const REFRESH_MS = 10_000;

export default function AppDetail() {
  const params = useParams();
  const organization = useOrganization();
  const app = createQuery(AppDetailDocument, () => ({ id: decodeURIComponent(params.id ?? '') }));
  // What is live comes by itself; when an instance last had work has to be asked.
  everyWhileSeen(REFRESH_MS, () => app.refresh());
  return (
    <Switch>
      <Match when={app.data?.app}>{(found) => <AppBody app={found()} />}</Match>
      <Match when={app.loading || app.error}>
        <Page title="App" heading="&nbsp;" crumbs={[{ label: 'Apps', href: `/${organization().slug}/apps` }]}>
          <Panel>
            <Show when={app.error} fallback={<SkeletonRows rows={10} />}>
              {(error) => <Problem onRetry={() => app.refetch()}>{problemText(error())}</Problem>}
            </Show>
          </Panel>
        </Page>
      </Match>
      <Match when={true}>
        <NotFound what="App" />
      </Match>
    </Switch>
  );
}
