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

/** The browsers one is signed in with. */
export function Sessions() {
  const sessions = createQuery(SessionsDocument, () => ({}));
  const [ending, setEnding] = createSignal<SessionRowFragment>();
  const [endingAll, setEndingAll] = createSignal(false);
  const list = () => sessions.data?.viewer?.sessions ?? [];
  const end = async (): Promise<Failure | undefined> => {
    const { failure } = await mutate(RevokeSessionDocument, { input: { id: ending()?.id ?? '' } });
    if (!failure) sessions.refetch();
    return failure;
  };
  const endAll = async (): Promise<Failure | undefined> => {
    const { failure } = await mutate(SignOutEverywhereDocument, { input: { exceptThis: false } });
    // A whole new page: nothing of this session stays in memory.
    if (!failure) location.assign('/sign-in');
    return failure;
  };
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
          <Table
            label="Your sessions"
            columns={[
              { label: 'Device' },
              { label: 'Address', wide: true },
              { label: 'Signed in', wide: true },
              { label: 'Last used' },
              { label: '', right: true },
            ]}
          >
            <For each={list()}>
              {(session) => (
                <Row>
                  <Cell class="font-medium">{session.device}</Cell>
                  <Cell wide class="text-ink-2">
                    {session.address ?? 'unknown'}
                  </Cell>
                  <Cell wide class="text-ink-2">
                    <Ago at={session.createdAt} />
                  </Cell>
                  <Cell class="text-ink-2">
                    <Ago at={session.lastUsedAt} />
                  </Cell>
                  <Cell right>
                    {session.current ? (
                      <Tag look="bg-accent-soft text-accent-ink">this one</Tag>
                    ) : (
                      <Button
                        class="h-7!"
                        aria-label={`Sign out ${session.device}`}
                        onClick={() => setEnding(session)}
                      >
                        Sign out
                      </Button>
                    )}
                  </Cell>
                </Row>
              )}
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
      <ConfirmDialog
        open={ending() !== undefined}
        danger
        title={`Sign out ${ending()?.device ?? ''}?`}
        action="Sign out"
        onConfirm={end}
        onClose={() => setEnding(undefined)}
      >
        <p class="text-ink-2">That browser has to sign in again, with a new code.</p>
      </ConfirmDialog>
      <ConfirmDialog
        open={endingAll()}
        danger
        title="Sign out everywhere?"
        action="Sign out everywhere"
        onConfirm={endAll}
        onClose={() => setEndingAll(false)}
      >
        <p class="text-ink-2">Every browser you are signed in with is signed out, this one included.</p>
      </ConfirmDialog>
    </Panel>
  );
}
