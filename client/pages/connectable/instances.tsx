import { For, Show } from 'solid-js';
import { Tag } from '../../ui/badge.tsx';
import { Id } from '../../ui/copy.tsx';
import { Panel } from '../../ui/page.tsx';
import { Cell, Row, Table } from '../../ui/table.tsx';
import { Ago } from '../../ui/time.tsx';
import type { Connection } from './connection-panel.tsx';

const columns = [
  { label: 'Instance' },
  { label: 'Address', wide: true },
  { label: 'Token' },
  { label: 'Connected', right: true, wide: true },
  { label: 'Last event', right: true },
];

/** Every open connection: who it is, which token it came with, and whether it has work. */
export function Instances(props: { instances: Connection['instances']; noun: string }) {
  return (
    <Panel title="Instances" note={`${props.instances.length} connected`}>
      <Show
        when={props.instances.length > 0}
        fallback={
          <p class="px-4 py-3 text-ink-2">
            No instance of this {props.noun} is connected. Each one that connects with a valid token is listed
            here.
          </p>
        }
      >
        <Table label="Instances" columns={columns}>
          <For each={props.instances}>{(instance) => <Instance instance={instance} />}</For>
        </Table>
      </Show>
    </Panel>
  );
}

function Instance(props: { instance: Connection['instances'][number] }) {
  return (
    <Row>
      <Cell class="max-w-64 max-sm:max-w-36">
        <Id text={props.instance.id} what="instance ID" />
        <span class="block truncate text-xs text-ink-3" title={props.instance.client ?? ''}>
          {props.instance.client ?? 'no client name'} · {props.instance.protocol}
        </span>
      </Cell>
      <Cell wide>
        <code class="font-mono text-xs text-ink-2">{props.instance.address ?? 'unknown'}</code>
      </Cell>
      <Cell>
        <span class="inline-flex flex-wrap items-center gap-x-2 gap-y-0.5">
          <code class="font-mono text-xs text-ink-2">{props.instance.tokenLookup}…</code>
          <Show when={props.instance.usesPreviousToken}>
            <Tag look="bg-wait-soft text-wait">old token</Tag>
          </Show>
        </span>
      </Cell>
      <Cell right wide class="text-ink-2">
        <Ago at={props.instance.connectedAt} />
      </Cell>
      <Cell right class="text-ink-2">
        <Show when={props.instance.lastEventAt} fallback={<span class="text-ink-3">none yet</span>}>
          {(at) => <Ago at={at()} />}
        </Show>
      </Cell>
    </Row>
  );
}
