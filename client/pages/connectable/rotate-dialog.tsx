import { For, Show, createSignal, createUniqueId } from 'solid-js';
import { refetchOnScreen } from '../../api/socket.ts';
import { createSubmission } from '../../api/submission.ts';
import { minuteUtc } from '../../format/time.ts';
import { createSecretSignal } from '../../live/secret-signal.ts';
import { Button } from '../../ui/button.tsx';
import { CancelButton, Dialog, DialogActions } from '../../ui/dialog.tsx';
import { Refused } from '../../ui/refused.tsx';
import { Secret } from '../../ui/secret.tsx';
import { Notice } from '../../ui/states.tsx';
import type { Connection } from './connection-panel.tsx';
import type { ShownToken } from './tokens-panel.tsx';
import type { Kind, Rotated } from './operations.ts';
import { rotate, words } from './operations.ts';

interface RotateDialogProps {
  kind: Kind;
  id: string;
  name: string;
  tokens: ShownToken[];
  instances: Connection['instances'];
  open: boolean;
  onClose: () => void;
}

const graces = [
  { seconds: 3_600, label: 'For 1 hour', note: 'Time for a gradual rollout.' },
  { seconds: 86_400, label: 'For 24 hours', note: 'The longest there is.' },
  { seconds: 600, label: 'For 10 minutes', note: '' },
  {
    seconds: 0,
    label: 'Not at all',
    note: 'Ends it now and closes its connections. For a token that leaked.',
  },
];

export function RotateDialog(props: RotateDialogProps) {
  const [grace, setGrace] = createSignal(3_600);
  const submission = createSubmission();
  const { held: rotated, hold, wipe } = createSecretSignal<Rotated>();
  const close = (): void => {
    if (rotated()) refetchOnScreen();
    wipe();
    submission.forget();
    setGrace(3_600);
    props.onClose();
  };
  const submit = async (): Promise<void> => {
    if (submission.busy()) return;
    const { value } = await submission.settle(rotate(props.kind, props.id, grace()));
    hold(value);
  };
  return (
    <Dialog
      open={props.open}
      onClose={close}
      busy={submission.busy()}
      guarded={submission.busy() || rotated() !== undefined}
      title={rotated() ? `New token for ${props.name}` : `Rotate the token of ${props.name}`}
      description={rotated() ? undefined : 'A new token is issued at once and works immediately.'}
    >
      <Show
        when={rotated()}
        fallback={
          <>
            <Refused failure={submission.failure()} />
            <EndingToken tokens={props.tokens} instances={props.instances} />
            <GraceChoice value={grace()} onChange={setGrace} />
            <DialogActions>
              <CancelButton />
              <Button variant="primary" busy={submission.busy()} onClick={() => void submit()}>
                Rotate Token
              </Button>
            </DialogActions>
          </>
        }
      >
        {(made) => <NewToken kind={props.kind} made={made()} onStored={close} />}
      </Show>
    </Dialog>
  );
}

function NewToken(props: { kind: Kind; made: Rotated; onStored: () => void }) {
  return (
    <Secret
      what="token"
      secret={props.made.token}
      variable={words[props.kind].variable}
      onStored={() => props.onStored()}
    >
      <p>
        <Show when={props.made.previousTokenExpiresAt} fallback="The old token no longer works.">
          {(at) => <>The old token works until {minuteUtc(at())}.</>}
        </Show>
      </p>
    </Secret>
  );
}

/** At most two tokens are valid, so a rotation within a grace ends the older one: told before, not after. */
function EndingToken(props: Pick<RotateDialogProps, 'tokens' | 'instances'>) {
  const onOld = () => props.instances.filter(({ usesPreviousToken }) => usesPreviousToken).length;
  return (
    <Show when={props.tokens.some(({ state }) => state === 'PREVIOUS')}>
      <div class="mb-3">
        <Notice tone="wait">
          The token before the current one is still valid. It ends the moment you rotate again
          {onOld() > 0 &&
            `, and ${onOld()} connected ${onOld() === 1 ? 'instance loses' : 'instances lose'} access`}
          .
        </Notice>
      </div>
    </Show>
  );
}

function GraceChoice(props: { value: number; onChange: (seconds: number) => void }) {
  const group = createUniqueId();
  return (
    <fieldset>
      <legend class="mb-1.5 font-medium">How long does the old token keep working?</legend>
      <div class="flex flex-col gap-1">
        <For each={graces}>
          {(choice) => (
            <label class="flex gap-2.5 rounded-md border border-line px-3 py-2 hover:bg-hover has-checked:border-accent has-checked:bg-accent-soft">
              <input
                type="radio"
                name={group}
                class="mt-0.5 size-4 shrink-0 accent-accent"
                checked={props.value === choice.seconds}
                onChange={() => props.onChange(choice.seconds)}
              />
              <span>
                <span class="font-medium">{choice.label}</span>
                <Show when={choice.note}>
                  <span class="block text-xs text-ink-2">{choice.note}</span>
                </Show>
              </span>
            </label>
          )}
        </For>
      </div>
    </fieldset>
  );
}
