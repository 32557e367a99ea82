import { useNavigate } from '@solidjs/router';
import { Show, createEffect, createSignal } from 'solid-js';
import { AppChoicesDocument, SendTestEventDocument } from '../../api/generated/graphql.ts';
import type { Failure } from '../../api/mutate.ts';
import { mutate } from '../../api/mutate.ts';
import { problemText } from '../../api/problem.ts';
import { createQuery } from '../../api/query.ts';
import { useOrganization } from '../../api/session.tsx';
import { isJsonObject } from '../../format/json.ts';
import { Button } from '../../ui/button.tsx';
import { CancelButton, Dialog, DialogActions } from '../../ui/dialog.tsx';
import { Field, TextField, inputLook } from '../../ui/field.tsx';
import { Notice } from '../../ui/states.tsx';
import { Picker } from '../connectable/picker.tsx';
import type { AgentFound } from './agent-body.tsx';

const EXAMPLE = '{\n  "text": "Hello, are you there?"\n}';

/** Sends one event as if an app had, and opens its page to watch the answer come. */
export function TestEventDialog(props: { agent: AgentFound; open: boolean; onClose: () => void }) {
  const organization = useOrganization();
  const navigate = useNavigate();
  const apps = createQuery(AppChoicesDocument, () => (props.open ? { org: organization().slug } : undefined));
  const [picked, setPicked] = createSignal('');
  const [thread, setThread] = createSignal('');
  const [payload, setPayload] = createSignal(EXAMPLE);
  const [busy, setBusy] = createSignal(false);
  const [failure, setFailure] = createSignal<Failure>();
  const first = () => apps.data?.organization?.apps.edges[0]?.node;
  const appId = () => picked() || (first()?.id ?? '');
  createEffect(() => {
    if (props.open) setFailure(undefined);
  });
  const unsendable = (): string | undefined => {
    if (appId()) return undefined;
    if (apps.data) return 'Register an app first.';
    return apps.error ? 'Choose an app first.' : 'Apps are not loaded yet.';
  };
  const payloadProblem = () => (isJsonObject(payload()) ? undefined : 'The payload has to be a JSON object.');
  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    if (busy() || payloadProblem() || unsendable()) return;
    setBusy(true);
    const { ok, failure: refused } = await mutate(SendTestEventDocument, {
      input: {
        agentId: props.agent.id,
        appId: appId(),
        payload: payload().trim(),
        ...(thread().trim() ? { threadId: thread().trim() } : {}),
      },
    });
    setBusy(false);
    setFailure(refused);
    if (ok) navigate(`/${organization().slug}/events/${ok.event.eventId}`);
  };
  return (
    <Dialog
      open={props.open}
      onClose={() => props.onClose()}
      busy={busy()}
      title={`Send a test event to ${props.agent.name}`}
      description="It is marked as a test and its answer is not handed to the app."
    >
      <form onSubmit={(event) => void submit(event)} novalidate class="flex flex-col gap-3">
        <Show when={failure() && Object.keys(failure()?.fields ?? {}).length === 0}>
          <Notice tone="bad">{failure()?.message}</Notice>
        </Show>
        <Show when={apps.error && !appId()}>
          <Notice tone="bad" action={<Button onClick={() => apps.retry()}>Try again</Button>}>
            {problemText(apps.error)}
          </Notice>
        </Show>
        <Show when={!props.agent.connection.connected}>
          <Notice tone="wait">The agent is not connected. The event waits until it is.</Notice>
        </Show>
        <Field label="As app" error={failure()?.fields.appId}>
          {(ids) => (
            <Picker
              kind="app"
              id={ids.id}
              label="As app"
              value={appId()}
              name={picked() ? undefined : first()?.name}
              onChoose={setPicked}
            />
          )}
        </Field>
        <TextField
          label="Thread"
          description="Leave it empty for a thread of its own."
          mono
          value={thread()}
          onInput={setThread}
          error={failure()?.fields.threadId}
        />
        <Field label="Payload" error={payloadProblem() ?? failure()?.fields.payload}>
          {(ids) => (
            <textarea
              id={ids.id}
              aria-describedby={ids.describedBy}
              aria-invalid={ids.invalid}
              rows="7"
              spellcheck={false}
              value={payload()}
              onInput={(event) => setPayload(event.currentTarget.value)}
              class={`${inputLook} py-1.5 font-mono text-xs/5`}
            />
          )}
        </Field>
        <DialogActions>
          <CancelButton />
          <Button type="submit" variant="primary" busy={busy()} disabledReason={unsendable()}>
            Send event
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
