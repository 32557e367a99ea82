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
import { Notice } from '../../ui/states.tsx';
import { ActivityButton } from '../connectable/activity.tsx';
import { ConnectionPanel } from '../connectable/connection-panel.tsx';
import { HistoryPanel } from '../connectable/history-panel.tsx';
import { Instances } from '../connectable/instances.tsx';
import { RenameDialog } from '../connectable/rename-dialog.tsx';
import { RotateDialog } from '../connectable/rotate-dialog.tsx';
import { TokensPanel } from '../connectable/tokens-panel.tsx';
import { ContentsPanel } from './contents-panel.tsx';
import { ReachableAgents } from './reachable-agents.tsx';
import { StatsPanel } from '../stats/stats-panel.tsx';

const QuickStart = lazy(() => import('../connectable/quick-start/app-quick-start.tsx'));

type App = NonNullable<AppDetailQuery['app']>;

type Asked = 'rename' | 'rotate';

export function AppBody(props: { app: App }) {
  const organization = useOrganization();
  const [open, setOpen] = createSignal<Asked>();
  const quickStart = () => (
    <Suspense>
      <QuickStart
        appId={props.app.appId}
        agentId={props.app.reachableAgents.edges.map(({ node }) => node.agentId)[0]}
      />
    </Suspense>
  );
  return (
    <Page
      title={props.app.name}
      crumbs={[{ label: 'Apps', href: `/${organization().slug}/apps` }]}
      actions={<Actions app={props.app} onAsk={setOpen} />}
    >
      <Show when={!props.app.active}>
        <Notice tone="wait">This app is deactivated: its token is refused until it is reactivated.</Notice>
      </Show>
      <Panels app={props.app} onRotate={() => setOpen('rotate')} />
      <Show when={!props.app.connection.lastConnectedAt}>{quickStart()}</Show>
      <Instances instances={props.app.connection.instances} noun="app" />
      <StatsPanel kind="app" id={props.app.id} />
      <HistoryPanel kind="app" id={props.app.id}>
        Events this app sends appear here the moment they are accepted.
      </HistoryPanel>
      <Show when={props.app.connection.lastConnectedAt}>{quickStart()}</Show>
      <ContentsPanel app={props.app} />
      <Dialogs app={props.app} open={open()} onClose={() => setOpen(undefined)} />
    </Page>
  );
}

function Actions(props: { app: App; onAsk: (what: Asked) => void }) {
  const readOnly = useReadOnlyReason();
  return (
    <>
      <Button disabledReason={readOnly()} onClick={() => props.onAsk('rename')}>
        <Pencil class="size-3.5" aria-hidden="true" />
        Rename
      </Button>
      <Button disabledReason={readOnly()} onClick={() => props.onAsk('rotate')}>
        Rotate Token
      </Button>
      <ActivityButton kind="app" id={props.app.id} name={props.app.name} active={props.app.active} />
    </>
  );
}

/** How it stands, and how it is set. */
function Panels(props: { app: App; onRotate: () => void }) {
  return (
    <div class="grid items-start gap-5 lg:grid-cols-2 max-sm:gap-4">
      <div class="flex min-w-0 flex-col gap-5 max-sm:gap-4">
        <ConnectionPanel connection={props.app.connection} active={props.app.active} />
        <TokensPanel
          kind="app"
          id={props.app.id}
          slug={props.app.appId}
          tokens={props.app.tokens}
          instances={props.app.connection.instances}
          onRotate={() => props.onRotate()}
        />
      </div>
      <div class="flex min-w-0 flex-col gap-5 max-sm:gap-4">
        <Configuration app={props.app} />
        <ReachableAgents appId={props.app.id} />
      </div>
    </div>
  );
}

function Dialogs(props: { app: App; open: Asked | undefined; onClose: () => void }) {
  const close = (): void => props.onClose();
  const rename = async (name: string) =>
    (await mutate(UpdateAppDocument, { input: { id: props.app.id, name } })).failure;
  return (
    <>
      <RotateDialog
        kind="app"
        id={props.app.id}
        name={props.app.name}
        tokens={props.app.tokens}
        instances={props.app.connection.instances}
        open={props.open === 'rotate'}
        onClose={close}
      />
      <RenameDialog
        open={props.open === 'rename'}
        label="App Name"
        name={props.app.name}
        description={`The App ID stays ${props.app.appId}.`}
        onRename={rename}
        onClose={close}
      />
    </>
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
