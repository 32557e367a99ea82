import { A } from '@solidjs/router';
import type { JSX } from 'solid-js';
import { useOrganization } from '../../api/session.tsx';
import { Panel } from '../../ui/page.tsx';
import { Empty } from '../../ui/states.tsx';
import { EventTable } from '../events/event-table.tsx';
import type { Kind } from './operations.ts';

interface HistoryPanelProps {
  kind: Kind;
  id: string;
  /** What is to come where there is nothing yet. */
  children: JSX.Element;
}

/** The newest events of one app or agent. */
export function HistoryPanel(props: HistoryPanelProps) {
  const organization = useOrganization();
  return (
    <Panel
      title="Event History"
      actions={
        <A
          href={`/${organization().slug}/events?${props.kind}=${encodeURIComponent(props.id)}`}
          class="rounded text-xs font-medium text-accent-ink hover:underline"
        >
          Open in Event logs
        </A>
      }
    >
      <EventTable
        label="Event History"
        filter={props.kind === 'app' ? { appId: props.id } : { agentId: props.id }}
        first={15}
        omit={props.kind}
        empty={<Empty title="No events yet">{props.children}</Empty>}
      />
    </Panel>
  );
}
