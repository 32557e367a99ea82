import { For, Match, Switch, createSignal } from 'solid-js';
import type { SessionRowFragment } from '../../api/generated/graphql.ts';
import {
  RevokeSessionDocument,
  SessionsDocument,
  SignOutEverywhereDocument,
} from '../../api/generated/graphql.ts';
import type { Failure } from '../../api/mutate.ts';
import { mutate } from '../../api/mutate.ts';
import { problemText } from '../../api/problem.ts';
import { createQuery } from '../../api/query.ts';
import { Tag } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { Panel } from '../../ui/page.tsx';
import { Problem, SkeletonRows } from '../../ui/states.tsx';
import { Cell, Row, Table } from '../../ui/table.tsx';
import { Ago } from '../../ui/time.tsx';
import { ConfirmDialog } from '../connectable/confirm-dialog.tsx';

const columns = [
  { label: 'Device' },
  { label: 'Address', wide: true },
  { label: 'Signed in', wide: true },
  { label: 'Last used' },
  { label: '', right: true },
];

/** The browsers one is signed in with. */
export function Sessions() {
  const sessions = createQuery(SessionsDocument, () => ({}));
  const [ending, setEnding] = createSignal<SessionRowFragment>();
  const [endingAll, setEndingAll] = createSignal(false);
  const list = () => sessions.data?.viewer?.sessions ?? [];
  return (
    <Panel
      title="Your sessions"
      actions={
        <Button class="h-7!" variant="danger" onClick={() => setEndingAll(true)}>
          Sign out everywhere
        </Button>
      }
    >
      <Switch>
        <Match when={list().length > 0}>
          <Table label="Your sessions" columns={columns}>
            <For each={list()}>
              {(session) => <SessionRow session={session} onEnd={() => setEnding(session)} />}
            </For>
          </Table>
        </Match>
        <Match when={sessions.loading}>
          <SkeletonRows rows={2} />
        </Match>
        <Match when={true}>
          <Problem onRetry={() => sessions.refetch()}>{problemText(sessions.error)}</Problem>
        </Match>
      </Switch>
      <EndDialog session={ending()} onEnded={() => sessions.refetch()} onClose={() => setEnding(undefined)} />
      <EndAllDialog open={endingAll()} onClose={() => setEndingAll(false)} />
    </Panel>
  );
}

function SessionRow(props: { session: SessionRowFragment; onEnd: () => void }) {
  return (
    <Row>
      <Cell class="font-medium">{props.session.device}</Cell>
      <Cell wide class="text-ink-2">
        {props.session.address ?? 'unknown'}
      </Cell>
      <Cell wide class="text-ink-2">
        <Ago at={props.session.createdAt} />
      </Cell>
      <Cell class="text-ink-2">
        <Ago at={props.session.lastUsedAt} />
      </Cell>
      <Cell right>
        {props.session.current ? (
          <Tag look="bg-accent-soft text-accent-ink">this one</Tag>
        ) : (
          <Button class="h-7!" aria-label={`Sign out ${props.session.device}`} onClick={() => props.onEnd()}>
            Sign out
          </Button>
        )}
      </Cell>
    </Row>
  );
}

interface EndDialogProps {
  /** Open while there is one. */
  session: SessionRowFragment | undefined;
  onEnded: () => void;
  onClose: () => void;
}

function EndDialog(props: EndDialogProps) {
  const end = async (): Promise<Failure | undefined> => {
    const { failure } = await mutate(RevokeSessionDocument, { input: { id: props.session?.id ?? '' } });
    if (!failure) props.onEnded();
    return failure;
  };
  return (
    <ConfirmDialog
      open={props.session !== undefined}
      danger
      title={`Sign out ${props.session?.device ?? ''}?`}
      action="Sign out"
      onConfirm={end}
      onClose={() => props.onClose()}
    >
      <p class="text-ink-2">That browser has to sign in again, with a new code.</p>
    </ConfirmDialog>
  );
}

function EndAllDialog(props: { open: boolean; onClose: () => void }) {
  const endAll = async (): Promise<Failure | undefined> => {
    const { failure } = await mutate(SignOutEverywhereDocument, { input: { exceptThis: false } });
    // A whole new page: nothing of this session stays in memory.
    if (!failure) location.assign('/sign-in');
    return failure;
  };
  return (
    <ConfirmDialog
      open={props.open}
      danger
      title="Sign out everywhere?"
      action="Sign out everywhere"
      onConfirm={endAll}
      onClose={() => props.onClose()}
    >
      <p class="text-ink-2">Every browser you are signed in with is signed out, this one included.</p>
    </ConfirmDialog>
  );
}
