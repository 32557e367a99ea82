import { For, Show, createSignal } from 'solid-js';
import type { ApiKeyRowFragment } from '../../api/generated/graphql.ts';
import { ApiKeysDocument, RevokeApiKeyDocument } from '../../api/generated/graphql.ts';
import { mutate } from '../../api/mutate.ts';
import { createPages } from '../../api/pages.ts';
import { useOrganization, useReadOnlyReason } from '../../api/session.tsx';
import { Tag } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { Listed } from '../../ui/listed.tsx';
import { Panel } from '../../ui/page.tsx';
import { Empty } from '../../ui/states.tsx';
import { Cell, Row, Table } from '../../ui/table.tsx';
import { Ago, useNow } from '../../ui/time.tsx';
import { ConfirmDialog } from '../connectable/confirm-dialog.tsx';
import { CreateKeyDialog } from './create-key-dialog.tsx';

const columns = [
  { label: 'Name' },
  { label: 'Key', wide: true },
  { label: 'Scope', wide: true },
  { label: 'Created by', wide: true },
  { label: 'Last used' },
  { label: '', right: true },
];

/** Keys for scripts that use the GraphQL API. */
export function ApiKeys() {
  const organization = useOrganization();
  const readOnly = useReadOnlyReason();
  const [creating, setCreating] = createSignal(false);
  const [revoking, setRevoking] = createSignal<ApiKeyRowFragment>();
  const list = createPages(
    ApiKeysDocument,
    () => ({ org: organization().slug }),
    (data) => data.organization?.apiKeys,
  );
  const revoke = async () =>
    (await mutate(RevokeApiKeyDocument, { input: { id: revoking()?.id ?? '' } })).failure;
  return (
    <Panel
      title="API keys"
      note="for the GraphQL API"
      actions={
        <Button class="h-7!" disabledReason={readOnly()} onClick={() => setCreating(true)}>
          Create key
        </Button>
      }
    >
      <Listed
        list={list}
        what="keys"
        guess={2}
        empty={
          <Empty title="No API keys yet">Scripts use them to call the GraphQL API with your rights.</Empty>
        }
      >
        <Table label="API keys" columns={columns}>
          <For each={list.nodes()}>
            {(key) => <KeyRow apiKey={key} readOnly={readOnly()} onRevoke={() => setRevoking(key)} />}
          </For>
        </Table>
      </Listed>
      <CreateKeyDialog open={creating()} onClose={() => setCreating(false)} />
      <ConfirmDialog
        open={revoking() !== undefined}
        danger
        title={`Revoke ${revoking()?.name}?`}
        action="Revoke key"
        onConfirm={revoke}
        onClose={() => setRevoking(undefined)}
      >
        <p class="text-ink-2">Scripts that use it are refused at once. This cannot be undone.</p>
      </ConfirmDialog>
    </Panel>
  );
}

function KeyRow(props: { apiKey: ApiKeyRowFragment; readOnly: string | undefined; onRevoke: () => void }) {
  const organization = useOrganization();
  const now = useNow();
  const ended = () => {
    if (props.apiKey.revokedAt) return 'revoked';
    return props.apiKey.expiresAt && Date.parse(props.apiKey.expiresAt) <= now() ? 'expired' : undefined;
  };
  return (
    <Row dim={ended() !== undefined}>
      <Cell class="font-medium wrap-anywhere">{props.apiKey.name}</Cell>
      <Cell wide>
        <code class="font-mono text-xs wrap-anywhere text-ink-2">
          rlo_{organization().slug}_{props.apiKey.lookup}…
        </code>
      </Cell>
      <Cell wide class="text-ink-2">
        {props.apiKey.scopes.includes('MANAGE') ? 'Manage' : 'Read'}
      </Cell>
      <Cell wide class="max-w-48 truncate text-ink-2">
        {props.apiKey.createdBy.email}
      </Cell>
      <Cell class="text-ink-2">
        <Show when={props.apiKey.lastUsedAt} fallback={<span class="text-ink-3">Never</span>}>
          {(at) => <Ago at={at()} />}
        </Show>
        <Show when={!ended() && props.apiKey.expiresAt}>
          {(at) => (
            <span class="block text-xs text-ink-3">
              ends <Ago at={at()} />
            </span>
          )}
        </Show>
      </Cell>
      <Cell right>
        <Show
          when={ended()}
          fallback={
            <Button variant="danger" class="h-7!" disabledReason={props.readOnly} onClick={props.onRevoke}>
              Revoke
            </Button>
          }
        >
          {(state) => <Tag>{state()}</Tag>}
        </Show>
      </Cell>
    </Row>
  );
}
