import { useParams } from '@solidjs/router';
import { Match, Switch } from 'solid-js';
import { AppDetailDocument } from '../../api/generated/graphql.ts';
import { problemText } from '../../api/problem.ts';
import { createQuery } from '../../api/query.ts';
import { useOrganization } from '../../api/session.tsx';
import { Page, Panel } from '../../ui/page.tsx';
import { Problem, SkeletonRows } from '../../ui/states.tsx';
import NotFound from '../not-found/not-found.tsx';
import { AppBody } from './app-body.tsx';

export default function AppDetail() {
  const params = useParams();
  const organization = useOrganization();
  const app = createQuery(AppDetailDocument, () => ({ id: decodeURIComponent(params.id ?? '') }));
  return (
    <Switch>
      <Match when={app.data?.app}>{(found) => <AppBody app={found()} />}</Match>
      <Match when={app.loading}>
        <Page title="App" heading="&nbsp;" crumbs={[{ label: 'Apps', href: `/${organization().slug}/apps` }]}>
          <Panel>
            <SkeletonRows rows={10} />
          </Panel>
        </Page>
      </Match>
      <Match when={app.error}>
        {(error) => <Problem onRetry={() => app.refetch()}>{problemText(error())}</Problem>}
      </Match>
      <Match when={true}>
        <NotFound what="App" />
      </Match>
    </Switch>
  );
}
