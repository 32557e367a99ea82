import { A } from '@solidjs/router';
import Pencil from 'lucide-solid/icons/pencil';
import { Show, Suspense, createSignal, lazy } from 'solid-js';
import type { AppDetailQuery } from '../../api/generated/graphql.ts';
import { UpdateAppDocument } from '../../api/generated/graphql.ts';
import { mutate } from '../../api/mutate.ts';
import { useOrganization, useReadOnlyReason } from '../../api/session.tsx';
import { minuteUtc } from '../../format/time.ts';
import { ActiveBadge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { Id } from '../../ui/copy.tsx';
import { Fact, Facts, Page, Panel } from '../../ui/page.tsx';
import { Empty, Notice } from '../../ui/states.tsx';
import { ActivityButton } from '../connectable/activity.tsx';
import { ConnectionPanel } from '../connectable/connection-panel.tsx';
import { Instances } from '../connectable/instances.tsx';
import { RenameDialog } from '../connectable/rename-dialog.tsx';
import { RotateDialog } from '../connectable/rotate-dialog.tsx';
import { TokensPanel } from '../connectable/tokens-panel.tsx';
import { EventTable } from '../events/event-table.tsx';
import { ContentsPanel } from './contents-panel.tsx';
import { ReachableAgents } from './reachable-agents.tsx';
import { StatsPanel } from '../stats/stats-panel.tsx';

const QuickStart = lazy(() => import('../connectable/quick-start/app-quick-start.tsx'));

type App = NonNullable<AppDetailQuery['app']>;

export function AppBody(props: { app: App }) {
  const organization = useOrganization();
  const readOnly = useReadOnlyReason();
  const [open, setOpen] = createSignal<'rename' | 'rotate'>();
  const close = (): void => void setOpen(undefined);
  const quickStart = () => (
    <Suspense>
      <QuickStart
        appId={props.app.appId}
        agentId={props.app.reachableAgents.edges.map(({ node }) => node.agentId)[0]}
      />
    </Suspense>
  );
  const rename = async (name: string) =>
    (await mutate(UpdateAppDocument, { input: { id: props.app.id, name } })).failure;
  return (
    <Page
      title={props.app.name}
      crumbs={[{ label: 'Apps', href: `/${organization().slug}/apps` }]}
      actions={
        <>
          <Button disabledReason={readOnly()} onClick={() => setOpen('rename')}>
            <Pencil class="size-3.5" aria-hidden="true" />
            Rename
          </Button>
          <Button disabledReason={readOnly()} onClick={() => setOpen('rotate')}>
            Rotate Token
          </Button>
          <ActivityButton kind="app" id={props.app.id} name={props.app.name} active={props.app.active} />
        </>
      }
    >
      <Show when={!props.app.active}>
        <Notice tone="wait">This app is deactivated: its token is refused until it is reactivated.</Notice>
      </Show>
      <div class="grid items-start gap-5 lg:grid-cols-2 max-sm:gap-4">
        <div class="flex min-w-0 flex-col gap-5 max-sm:gap-4">
          <ConnectionPanel connection={props.app.connection} active={props.app.active} />
          <TokensPanel
            kind="app"
            id={props.app.id}
            slug={props.app.appId}
            tokens={props.app.tokens}
            instances={props.app.connection.instances}
            onRotate={() => setOpen('rotate')}
          />
        </div>
        <div class="flex min-w-0 flex-col gap-5 max-sm:gap-4">
          <Configuration app={props.app} />
          <ReachableAgents appId={props.app.id} />
        </div>
      </div>
      <Show when={!props.app.connection.lastConnectedAt}>{quickStart()}</Show>
      <Instances instances={props.app.connection.instances} noun="app" />
      <StatsPanel kind="app" id={props.app.id} />
      <Panel
        title="Event History"
        actions={
          <A
            href={`/${organization().slug}/events?app=${encodeURIComponent(props.app.id)}`}
            class="rounded text-xs font-medium text-accent-ink hover:underline"
          >
            Open in Event logs
          </A>
        }
      >
        <EventTable
          label="Event History"
          filter={{ appId: props.app.id }}
          first={15}
          omit="app"
          empty={
            <Empty title="No events yet">
              Events this app sends appear here the moment they are accepted.
            </Empty>
          }
        />
      </Panel>
      <Show when={props.app.connection.lastConnectedAt}>{quickStart()}</Show>
      <ContentsPanel app={props.app} />
      <RotateDialog
        kind="app"
        id={props.app.id}
        name={props.app.name}
        tokens={props.app.tokens}
        instances={props.app.connection.instances}
        open={open() === 'rotate'}
        onClose={close}
      />
      <RenameDialog
        open={open() === 'rename'}
        label="App Name"
        name={props.app.name}
        description={`The App ID stays ${props.app.appId}.`}
        onRename={rename}
        onClose={close}
      />
    </Page>
  );
}

function Configuration(props: { app: App }) {
  return (
    <Panel title="Configuration">
      <Facts>
        <Fact name="App ID" note="URL-safe identifier">
          <Id text={props.app.appId} what="App ID" />
        </Fact>
        <Fact name="Organization" note="The organization that owns this app">
          {props.app.organization.name}
        </Fact>
        <Fact name="Created" note="Registration date">
          {minuteUtc(props.app.createdAt)}
        </Fact>
        <Fact name="Status" note="Whether the app can connect">
          <ActiveBadge active={props.app.active} />
        </Fact>
      </Facts>
    </Panel>
  );
}
