import { Show } from 'solid-js';
import { ConnectionBadge } from '../../ui/badge.tsx';
import { Fact, Facts, Panel } from '../../ui/page.tsx';
import { Ago, Lasting } from '../../ui/time.tsx';
import { minuteUtc } from '../../format/time.ts';

export interface Connection {
  connected: boolean;
  since: string | null;
  lastConnectedAt: string | null;
  instances: {
    id: string;
    connectedAt: string;
    lastEventAt: string | null;
    address: string | null;
    client: string | null;
    protocol: string;
    usesPreviousToken: boolean;
    tokenLookup: string;
  }[];
}

/** Whether it is connected now, and since when. */
export function ConnectionPanel(props: { connection: Connection; active: boolean }) {
  const absence = (): string => {
    if (!props.active) return 'Inactive, connections are refused';
    return props.connection.lastConnectedAt ? 'No open connection' : 'Waiting for its first connection';
  };
  return (
    <Panel title="Connection Status" actions={<ConnectionBadge connected={props.connection.connected} />}>
      <div aria-live="polite">
        <Facts>
          <Fact name={props.connection.connected ? 'Connected' : 'Disconnected'}>
            <Show when={props.connection.since} fallback={<span class="text-ink-3">{absence()}</span>}>
              {(since) => <Lasting from={since()} />}
            </Show>
          </Fact>
          <Fact name="Last Connected">
            <Show when={props.connection.lastConnectedAt} fallback={<span class="text-ink-3">Never</span>}>
              {(at) => (
                <span class="flex flex-wrap gap-x-2">
                  {minuteUtc(at())}
                  <span class="text-ink-3">
                    <Ago at={at()} />
                  </span>
                </span>
              )}
            </Show>
          </Fact>
        </Facts>
      </div>
    </Panel>
  );
}
