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

/** Each app has a page of its own: what is open, written or on its way on one is not for the next. */
export default function AppDetail() {
  const params = useParams();
  return (
    <Show when={params.id} keyed>
      {(id) => <Detail id={decodeURIComponent(id)} />}
    </Show>
  );
}

function Detail(props: { id: string }) {
  const organization = useOrganization();
  const app = createQuery(AppDetailDocument, () => ({ id: props.id }));
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
