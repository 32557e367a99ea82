import { For, Show, createMemo } from 'solid-js';
import type { TokenState } from '../../api/generated/graphql.ts';
import { useReadOnlyReason } from '../../api/session.tsx';
import { countdown, exactUtc } from '../../format/time.ts';
import { Tag } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { Panel } from '../../ui/page.tsx';
import { Notice } from '../../ui/states.tsx';
import { Ago, useNow } from '../../ui/time.tsx';
import type { Connection } from './connection-panel.tsx';
import type { Kind } from './operations.ts';
import { words } from './operations.ts';
import { Rotation } from './rotation.tsx';

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
  onRotate: () => void;
}

const looks: Record<TokenState, string> = {
  CURRENT: 'bg-ok-soft text-ok',
  PREVIOUS: 'bg-wait-soft text-wait',
  EXPIRED: 'bg-sunken text-ink-2',
  REVOKED: 'bg-sunken text-ink-2',
};

const DAY_MS = 86_400_000;
/** As for the server's own reminder. */
const OLD_DAYS = 90;

/** Which tokens are valid, how old they are, and how far a rotation has come. */
export function TokensPanel(props: TokensPanelProps) {
  const now = useNow();
  // The server said when the grace ends; nobody tells again when it has.
  const previous = createMemo(() =>
    props.tokens.find(
      ({ state, expiresAt }) => state === 'PREVIOUS' && (!expiresAt || Date.parse(expiresAt) > now()),
    ),
  );
  const current = createMemo(() => props.tokens.find(({ state }) => state === 'CURRENT'));
  const valid = createMemo(() =>
    props.tokens.filter((token) => token.id === current()?.id || token.id === previous()?.id),
  );
  return (
    <Panel title="Tokens">
      <ul class="divide-y divide-line">
        <For each={valid()}>
          {(token) => (
            <Token
              token={token}
              text={`${words[props.kind].prefix}_${props.slug}_${token.lookup}…`}
              instances={props.instances.filter(({ tokenLookup }) => tokenLookup === token.lookup).length}
            />
          )}
        </For>
      </ul>
      <Show when={!previous() && current()}>
        {(token) => <Reminder createdAt={token().createdAt} onRotate={() => props.onRotate()} />}
      </Show>
      <Show when={previous()}>
        {(token) => (
          <Rotation kind={props.kind} id={props.id} previous={token().lookup} instances={props.instances} />
        )}
      </Show>
    </Panel>
  );
}

function Token(props: { token: ShownToken; text: string; instances: number }) {
  const now = useNow();
  return (
    <li class="flex min-h-13 flex-wrap items-center gap-x-3 gap-y-1 px-4 py-2">
      <code class="font-mono text-xs break-all text-ink-2">{props.text}</code>
      <Tag look={looks[props.token.state]}>{props.token.state.toLowerCase()}</Tag>
      <span class="ml-auto text-right text-xs text-ink-3">
        <Show
          when={props.token.state === 'PREVIOUS' ? props.token.expiresAt : null}
          fallback={
            <>
              issued <Ago at={props.token.createdAt} />
            </>
          }
        >
          {(at) => (
            <time class="font-medium text-wait" datetime={at()} title={exactUtc(at())}>
              ends in {countdown(at(), now())}
            </time>
          )}
        </Show>
        <span class="block">
          <Show
            when={props.instances > 0}
            fallback={
              <Show when={props.token.lastUsedAt} fallback="never used">
                {(at) => (
                  <>
                    last used <Ago at={at()} />
                  </>
                )}
              </Show>
            }
          >
            in use by {props.instances} {props.instances === 1 ? 'instance' : 'instances'}
          </Show>
        </span>
      </span>
    </li>
  );
}

function Reminder(props: { createdAt: string; onRotate: () => void }) {
  const readOnly = useReadOnlyReason();
  const now = useNow();
  const days = () => Math.floor((now() - Date.parse(props.createdAt)) / DAY_MS);
  return (
    <Show when={days() >= OLD_DAYS}>
      <div class="border-t border-line p-3">
        <Notice
          tone="wait"
          action={
            <Button disabledReason={readOnly()} onClick={() => props.onRotate()}>
              Rotate it now
            </Button>
          }
        >
          This token is {days()} days old. Rotate it every few months; the old one keeps working for as long
          as you choose.
        </Notice>
      </div>
    </Show>
  );
}
