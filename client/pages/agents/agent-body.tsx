import { A } from '@solidjs/router';
import Pencil from 'lucide-solid/icons/pencil';
import Send from 'lucide-solid/icons/send';
import { Show, Suspense, createSignal, lazy } from 'solid-js';
import type { AgentDetailQuery } from '../../api/generated/graphql.ts';
import { useOrganization, useReadOnlyReason } from '../../api/session.tsx';
import { Button } from '../../ui/button.tsx';
import { Page, Panel } from '../../ui/page.tsx';
import { Empty, Notice } from '../../ui/states.tsx';
import { ActivityButton } from '../connectable/activity.tsx';
import { ConnectionPanel } from '../connectable/connection-panel.tsx';
import { Instances } from '../connectable/instances.tsx';
import { RotateDialog } from '../connectable/rotate-dialog.tsx';
import { TokensPanel } from '../connectable/tokens-panel.tsx';
import { EventTable } from '../events/event-table.tsx';
import { StatsPanel } from '../stats/stats-panel.tsx';
import { AgentConfiguration } from './agent-configuration.tsx';
import { Allowlist } from './allowlist.tsx';
import { EditDialog } from './edit-dialog.tsx';
import { QueuePanel } from './queue-panel.tsx';
import { TestEventDialog } from './test-event-dialog.tsx';
import { TroublePanel } from './trouble-panel.tsx';

const QuickStart = lazy(() => import('../connectable/quick-start/agent-quick-start.tsx'));

export type AgentFound = NonNullable<AgentDetailQuery['agent']>;

export function AgentBody(props: { agent: AgentFound }) {
  const organization = useOrganization();
  const readOnly = useReadOnlyReason();
  const [open, setOpen] = createSignal<'edit' | 'rotate' | 'test'>();
  const close = (): void => void setOpen(undefined);
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
      actions={
        <>
          <Button disabledReason={readOnly()} onClick={() => setOpen('test')}>
            <Send class="size-3.5" aria-hidden="true" />
            Send test event
          </Button>
          <Button disabledReason={readOnly()} onClick={() => setOpen('edit')}>
            <Pencil class="size-3.5" aria-hidden="true" />
            Edit
          </Button>
          <Button disabledReason={readOnly()} onClick={() => setOpen('rotate')}>
            Rotate Token
          </Button>
          <ActivityButton
            kind="agent"
            id={props.agent.id}
            name={props.agent.name}
            active={props.agent.active}
          />
        </>
      }
    >
      <Show when={!props.agent.active}>
        <Notice tone="wait">
          This agent is deactivated: its token is refused and new events for it are rejected.
        </Notice>
      </Show>
      <div class="grid items-start gap-5 lg:grid-cols-2 max-sm:gap-4">
        <div class="flex min-w-0 flex-col gap-5 max-sm:gap-4">
          <ConnectionPanel connection={props.agent.connection} active={props.agent.active} />
          <TokensPanel
            kind="agent"
            id={props.agent.id}
            slug={props.agent.agentId}
            tokens={props.agent.tokens}
            instances={props.agent.connection.instances}
            onRotate={() => setOpen('rotate')}
          />
          <Allowlist agent={props.agent} />
        </div>
        <div class="flex min-w-0 flex-col gap-5 max-sm:gap-4">
          <QueuePanel agent={props.agent} />
          <AgentConfiguration agent={props.agent} />
          <TroublePanel agent={props.agent} />
        </div>
      </div>
      <Show when={!props.agent.connection.lastConnectedAt}>{quickStart()}</Show>
      <Instances instances={props.agent.connection.instances} noun="agent" />
      <StatsPanel kind="agent" id={props.agent.id} />
      <Panel
        title="Event History"
        actions={
          <A
            href={`/${organization().slug}/events?agent=${encodeURIComponent(props.agent.id)}`}
            class="rounded text-xs font-medium text-accent-ink hover:underline"
          >
            Open in Event logs
          </A>
        }
      >
        <EventTable
          label="Event History"
          filter={{ agentId: props.agent.id }}
          first={15}
          omit="agent"
          empty={<Empty title="No events yet">Events sent to this agent appear here at once.</Empty>}
        />
      </Panel>
      <Show when={props.agent.connection.lastConnectedAt}>{quickStart()}</Show>
      <RotateDialog
        kind="agent"
        id={props.agent.id}
        name={props.agent.name}
        tokens={props.agent.tokens}
        instances={props.agent.connection.instances}
        open={open() === 'rotate'}
        onClose={close}
      />
      <EditDialog agent={props.agent} open={open() === 'edit'} onClose={close} />
      <TestEventDialog agent={props.agent} open={open() === 'test'} onClose={close} />
    </Page>
  );
}
