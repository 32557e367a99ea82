import { For, Show, createMemo, createSignal } from 'solid-js';
import type { TokenState } from '../../api/generated/graphql.ts';
import { useReadOnlyReason } from '../../api/session.tsx';
import { countdown } from '../../format/time.ts';
import { Tag } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { Panel } from '../../ui/page.tsx';
import { Notice } from '../../ui/states.tsx';
import { Ago, useNow } from '../../ui/time.tsx';
import { ConfirmDialog } from './confirm-dialog.tsx';
import type { Connection } from './connection-panel.tsx';
import type { Kind } from './operations.ts';
import { revokePrevious, words } from './operations.ts';

export interface ShownToken {
  id: string;
  lookup: string;
  state: TokenState;
  createdAt: string;
  lastUsedAt: string | null;
  expiresAt: string | null;
  revokedAt: string | null;
}

interface TokensPanelProps {
  kind: Kind;
  id: string;
  slug: string;
  tokens: ShownToken[];
  instances: Connection['instances'];
}

const looks: Record<TokenState, string> = {
  CURRENT: 'bg-ok-soft text-ok',
  PREVIOUS: 'bg-wait-soft text-wait',
  EXPIRED: 'bg-sunken text-ink-2',
  REVOKED: 'bg-sunken text-ink-2',
};

/** Which tokens are valid, and how far a rotation has come. */
export function TokensPanel(props: TokensPanelProps) {
  const now = useNow();
  const readOnly = useReadOnlyReason();
  const [asking, setAsking] = createSignal(false);
  // The server said when the grace ends; nobody tells again when it has.
  const previous = createMemo(() =>
    props.tokens.find(
      ({ state, expiresAt }) => state === 'PREVIOUS' && (!expiresAt || Date.parse(expiresAt) > now()),
    ),
  );
  const valid = createMemo(() =>
    props.tokens.filter((token) => token.state === 'CURRENT' || token.id === previous()?.id),
  );
  const onOld = () => props.instances.filter(({ usesPreviousToken }) => usesPreviousToken).length;
  const onNew = () => props.instances.length - onOld();
  return (
    <Panel title="Tokens">
      <ul class="divide-y divide-line">
        <For each={valid()}>
          {(token) => (
            <li class="flex min-h-10 flex-wrap items-center gap-x-3 gap-y-1 px-4 py-2">
              <code class="font-mono text-xs break-all text-ink-2">
                {words[props.kind].prefix}_{props.slug}_{token.lookup}…
              </code>
              <Tag look={looks[token.state]}>{token.state.toLowerCase()}</Tag>
              <span class="ml-auto text-xs text-ink-3">
                <Show
                  when={token.state === 'PREVIOUS' ? token.expiresAt : null}
                  fallback={
                    <>
                      issued <Ago at={token.createdAt} />
                    </>
                  }
                >
                  {(at) => <span class="text-wait">ends in {countdown(at(), now())}</span>}
                </Show>
              </span>
            </li>
          )}
        </For>
      </ul>
      <Show when={previous()}>
        <div class="flex flex-col gap-2 border-t border-line p-3">
          <Notice tone={onOld() > 0 ? 'wait' : 'info'}>
            <Show
              when={props.instances.length > 0}
              fallback={`No instance is connected. Whoever still has the old token can use it until it ends.`}
            >
              {onOld() > 0
                ? `${onOld()} of ${props.instances.length} ${props.instances.length === 1 ? 'connection still uses' : 'connections still use'} the old token.`
                : `All ${onNew()} ${onNew() === 1 ? 'connection uses' : 'connections use'} the new token.`}
            </Show>
          </Notice>
          <div>
            <Button variant="danger" disabledReason={readOnly()} onClick={() => setAsking(true)}>
              Revoke old token now
            </Button>
          </div>
        </div>
      </Show>
      <ConfirmDialog
        open={asking()}
        title="Revoke the old token now?"
        action="Revoke old token"
        danger
        onClose={() => setAsking(false)}
        onConfirm={() => revokePrevious(props.kind, props.id)}
      >
        <p class="text-ink-2">
          {onOld() > 0
            ? `${onOld()} open ${onOld() === 1 ? 'connection uses' : 'connections use'} it and will be closed. They can come back with the new token only.`
            : 'No open connection uses it. It stops working at once.'}
        </p>
      </ConfirmDialog>
    </Panel>
  );
}
