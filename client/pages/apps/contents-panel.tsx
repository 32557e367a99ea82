import { Match, Show, Switch, createSignal } from 'solid-js';
import type { AppDetailQuery } from '../../api/generated/graphql.ts';
import { DeleteAppContentsDocument } from '../../api/generated/graphql.ts';
import { mutate } from '../../api/mutate.ts';
import { useReadOnlyReason } from '../../api/session.tsx';
import { Button } from '../../ui/button.tsx';
import { Panel } from '../../ui/page.tsx';
import { Ago } from '../../ui/time.tsx';
import { EraseDialog } from '../erasure/erase-dialog.tsx';

type App = NonNullable<AppDetailQuery['app']>;

/** Where an owner deletes what an app has sent and was answered, and sees how far that is. */
export function ContentsPanel(props: { app: App }) {
  const readOnly = useReadOnlyReason();
  const [open, setOpen] = createSignal(false);
  const erase = async () => {
    const input = { id: props.app.id, appId: props.app.appId };
    return (await mutate(DeleteAppContentsDocument, { input })).failure;
  };
  return (
    <Panel title="Stored contents">
      <div class="flex flex-wrap items-center justify-between gap-3 px-4 py-3">
        <p class="max-w-prose text-ink-2">
          Payloads and answers are kept as long as the history.{' '}
          <Show when={props.app.contentsDeletion}>
            {(deletion) => (
              <Switch>
                <Match when={deletion().completedAt}>
                  {(at) => (
                    <>
                      What was sent before was deleted <Ago at={at()} />.
                    </>
                  )}
                </Match>
                <Match when={true}>
                  What was sent before is shown to nobody since <Ago at={deletion().orderedAt} />, and is
                  being deleted.
                </Match>
              </Switch>
            )}
          </Show>
        </p>
        <Button variant="danger" disabledReason={readOnly()} onClick={() => setOpen(true)}>
          Delete contents
        </Button>
      </div>
      <EraseDialog
        open={open()}
        onClose={() => setOpen(false)}
        title={`Delete everything ${props.app.name} has sent?`}
        description="Payloads, answers and error texts of all its events up to now are deleted for everybody; Relay cannot bring them back. That there were events, and how they went, stays; what is under way is answered first. Backups made before still hold them."
        expected={props.app.appId}
        what="the App ID"
        action="Delete contents"
        done="The contents of this app are being deleted."
        onErase={erase}
      />
    </Panel>
  );
}
