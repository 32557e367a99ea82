import { Show } from 'solid-js';
import { ConnectionBadge, Tag } from './badge.tsx';
import { Ago, Lasting } from './time.tsx';

interface PresenceProps {
  connection: {
    connected: boolean;
    since: string | null;
    lastConnectedAt: string | null;
    instances: unknown[];
  };
}

/** Whether it is connected, how often, and since when; as high connected as not, so that a list stays still. */
export function Presence(props: PresenceProps) {
  return (
    <span class="flex flex-col whitespace-nowrap">
      <span class="inline-flex h-5 items-center gap-1.5">
        <ConnectionBadge connected={props.connection.connected} />
        <Show when={props.connection.instances.length > 1}>
          <Tag>
            ×{props.connection.instances.length}
            <span class="sr-only">instances</span>
          </Tag>
        </Show>
      </span>
      <span class="pl-3.5 text-xs text-ink-3">
        <Show
          when={props.connection.since}
          fallback={
            <Show when={props.connection.lastConnectedAt} fallback="never connected">
              {(at) => (
                <>
                  last <Ago at={at()} />
                </>
              )}
            </Show>
          }
        >
          {(since) => <Lasting from={since()} />}
        </Show>
      </span>
    </span>
  );
}
