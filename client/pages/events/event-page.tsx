import { useParams } from '@solidjs/router';
import { Match, Show, Switch } from 'solid-js';
import { EventPageDocument } from '../../api/generated/graphql.ts';
import { problemText } from '../../api/problem.ts';
import { createQuery } from '../../api/query.ts';
import { useOrganization } from '../../api/session.tsx';
import { Page, Panel } from '../../ui/page.tsx';
import { Problem, SkeletonRows } from '../../ui/states.tsx';
import NotFound from '../not-found/not-found.tsx';
import { EventActions } from './event-actions.tsx';
import { EventBody, EventHeading } from './event-body.tsx';

export default function EventPage() {
  const params = useParams();
  const organization = useOrganization();
  const event = createQuery(EventPageDocument, () => ({ id: params.id ?? '' }));
  return (
    <Switch>
      <Match when={event.data?.event}>
        {(found) => (
          <Page
            title={found().eventId}
            heading={<EventHeading event={found()} />}
            crumbs={[{ label: 'Event logs', href: `/${organization().slug}/events` }]}
            actions={<EventActions event={found()} />}
          >
            <EventBody event={found()} refetch={() => event.refetch()} />
          </Page>
        )}
      </Match>
      <Match when={event.loading || event.error}>
        <Page
          title="Event"
          heading={<span class="font-mono text-base">{params.id}</span>}
          crumbs={[{ label: 'Event logs', href: `/${organization().slug}/events` }]}
        >
          <Panel>
            <Show when={event.error} fallback={<SkeletonRows rows={10} />}>
              {(error) => <Problem onRetry={() => event.refetch()}>{problemText(error())}</Problem>}
            </Show>
          </Panel>
        </Page>
      </Match>
      <Match when={true}>
        <NotFound what="Event" />
      </Match>
    </Switch>
  );
}
