import { For, Show } from 'solid-js';
import { ConnectionBadge, Tag } from '../../ui/badge.tsx';
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
    address: string | null;
    client: string | null;
    protocol: string;
    usesPreviousToken: boolean;
    tokenLookup: string;
  }[];
}

/** Whether it is connected now, since when, and every connection it holds. */
export function ConnectionPanel(props: { connection: Connection; active: boolean; noun: string }) {
  const instances = () => props.connection.instances;
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
        <Show when={instances().length > 0}>
          <ul class="border-t border-line" aria-label="Instances">
            <For each={instances()}>{(instance) => <Instance instance={instance} />}</For>
          </ul>
        </Show>
      </div>
    </Panel>
  );
}

function Instance(props: { instance: Connection['instances'][number] }) {
  return (
    <li class="flex min-h-9 flex-wrap items-center gap-x-3 gap-y-0.5 px-4 py-1.5 text-xs not-last:border-b">
      <code class="font-mono">{props.instance.address ?? 'unknown address'}</code>
      <Show when={props.instance.client}>
        <span class="max-w-48 truncate text-ink-2" title={props.instance.client ?? ''}>
          {props.instance.client}
        </span>
      </Show>
      <span class="text-ink-3">{props.instance.protocol}</span>
      <Show when={props.instance.usesPreviousToken}>
        <Tag look="bg-wait-soft text-wait">old token</Tag>
      </Show>
      <span class="ml-auto text-ink-3">
        connected <Ago at={props.instance.connectedAt} />
      </span>
    </li>
  );
}
