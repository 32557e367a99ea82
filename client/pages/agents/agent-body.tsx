import Pencil from 'lucide-solid/icons/pencil';
import Send from 'lucide-solid/icons/send';
import { Show, Suspense, createSignal, lazy } from 'solid-js';
import type { AgentDetailQuery } from '../../api/generated/graphql.ts';
import { useOrganization, useReadOnlyReason } from '../../api/session.tsx';
import { Button } from '../../ui/button.tsx';
import { Page } from '../../ui/page.tsx';
import { Notice } from '../../ui/states.tsx';
import { ActivityButton } from '../connectable/activity.tsx';
import { ConnectionPanel } from '../connectable/connection-panel.tsx';
import { HistoryPanel } from '../connectable/history-panel.tsx';
import { Instances } from '../connectable/instances.tsx';
import { RotateDialog } from '../connectable/rotate-dialog.tsx';
import { TokensPanel } from '../connectable/tokens-panel.tsx';
import { StatsPanel } from '../stats/stats-panel.tsx';
import { AgentConfiguration } from './agent-configuration.tsx';
import { Allowlist } from './allowlist.tsx';
import { EditDialog } from './edit-dialog.tsx';
import { QueuePanel } from './queue-panel.tsx';
import { TestEventDialog } from './test-event-dialog.tsx';
import { TroublePanel } from './trouble-panel.tsx';

const QuickStart = lazy(() => import('../connectable/quick-start/agent-quick-start.tsx'));

export type AgentFound = NonNullable<AgentDetailQuery['agent']>;

type Asked = 'edit' | 'rotate' | 'test';

export function AgentBody(props: { agent: AgentFound }) {
  const organization = useOrganization();
  const [open, setOpen] = createSignal<Asked>();
  const quickStart = () => (
    <Suspense>
      <QuickStart agentId={props.agent.agentId} />
    </Suspense>
  );
  return (
    <Page
      title={props.agent.name}
      lead={props.agent.description}
      crumbs={[{ label: 'Agents', href: `/${organization().slug}/agents` }]}
      actions={<Actions agent={props.agent} onAsk={setOpen} />}
    >
      <Show when={!props.agent.active}>
        <Notice tone="wait">
          This agent is deactivated: its token is refused and new events for it are rejected.
        </Notice>
      </Show>
      <Panels agent={props.agent} onRotate={() => setOpen('rotate')} />
      <Show when={!props.agent.connection.lastConnectedAt}>{quickStart()}</Show>
      <Instances instances={props.agent.connection.instances} noun="agent" />
      <StatsPanel kind="agent" id={props.agent.id} />
      <HistoryPanel kind="agent" id={props.agent.id}>
        Events sent to this agent appear here at once.
      </HistoryPanel>
      <Show when={props.agent.connection.lastConnectedAt}>{quickStart()}</Show>
      <Dialogs agent={props.agent} open={open()} onClose={() => setOpen(undefined)} />
    </Page>
  );
}

function Actions(props: { agent: AgentFound; onAsk: (what: Asked) => void }) {
  const readOnly = useReadOnlyReason();
  return (
    <>
      <Button disabledReason={readOnly()} onClick={() => props.onAsk('test')}>
        <Send class="size-3.5" aria-hidden="true" />
        Send test event
      </Button>
      <Button disabledReason={readOnly()} onClick={() => props.onAsk('edit')}>
        <Pencil class="size-3.5" aria-hidden="true" />
        Edit
      </Button>
      <Button disabledReason={readOnly()} onClick={() => props.onAsk('rotate')}>
        Rotate Token
      </Button>
      <ActivityButton kind="agent" id={props.agent.id} name={props.agent.name} active={props.agent.active} />
    </>
  );
}

/** How it stands, and how it is set. */
function Panels(props: { agent: AgentFound; onRotate: () => void }) {
  return (
    <div class="grid items-start gap-5 lg:grid-cols-2 max-sm:gap-4">
      <div class="flex min-w-0 flex-col gap-5 max-sm:gap-4">
        <ConnectionPanel connection={props.agent.connection} active={props.agent.active} />
        <TokensPanel
          kind="agent"
          id={props.agent.id}
          slug={props.agent.agentId}
          tokens={props.agent.tokens}
          instances={props.agent.connection.instances}
          onRotate={() => props.onRotate()}
        />
        <Allowlist agent={props.agent} />
      </div>
      <div class="flex min-w-0 flex-col gap-5 max-sm:gap-4">
        <QueuePanel agent={props.agent} />
        <AgentConfiguration agent={props.agent} />
        <TroublePanel agent={props.agent} />
      </div>
    </div>
  );
}

function Dialogs(props: { agent: AgentFound; open: Asked | undefined; onClose: () => void }) {
  const close = (): void => props.onClose();
  return (
    <>
      <RotateDialog
        kind="agent"
        id={props.agent.id}
        name={props.agent.name}
        tokens={props.agent.tokens}
        instances={props.agent.connection.instances}
        open={props.open === 'rotate'}
        onClose={close}
      />
      <EditDialog agent={props.agent} open={props.open === 'edit'} onClose={close} />
      <TestEventDialog agent={props.agent} open={props.open === 'test'} onClose={close} />
    </>
  );
}
