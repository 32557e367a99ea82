import { Show } from 'solid-js';
import { Button } from '../../ui/button.tsx';
import { DialogForm } from '../../ui/dialog-form.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Field, TextAreaField, TextField } from '../../ui/field.tsx';
import { Notice } from '../../ui/states.tsx';
import { Picker } from '../connectable/picker.tsx';
import type { AgentFound } from './agent-body.tsx';
import { createTestSending } from './test-sending.ts';

/** Sends one event as if an app had, and opens its page to watch the answer come. */
export function TestEventDialog(props: { agent: AgentFound; open: boolean; onClose: () => void }) {
  const sending = createTestSending(
    () => props.agent.id,
    () => props.open,
  );
  const refused = () => sending.submission.failure()?.fields;
  return (
    <Dialog
      open={props.open}
      onClose={() => props.onClose()}
      busy={sending.submission.busy()}
      title={`Send a test event to ${props.agent.name}`}
      description="It is marked as a test and its answer is not handed to the app."
    >
      <DialogForm
        submission={sending.submission}
        fields={['appId', 'threadId', 'payload']}
        action="Send event"
        disabledReason={sending.unsendable()}
        onSubmit={sending.send}
      >
        <Show when={sending.appsProblem()}>
          {(problem) => (
            <Notice tone="bad" action={<Button onClick={sending.askForApps}>Try again</Button>}>
              {problem()}
            </Notice>
          )}
        </Show>
        <Show when={!props.agent.connection.connected}>
          <Notice tone="wait">The agent is not connected. The event waits until it is.</Notice>
        </Show>
        <Field label="As app" error={refused()?.appId}>
          {(ids) => (
            <Picker
              kind="app"
              id={ids.id}
              label="As app"
              value={sending.appId()}
              name={sending.appName()}
              onChoose={sending.pick}
            />
          )}
        </Field>
        <TextField
          label="Thread"
          description="Leave it empty for a thread of its own."
          mono
          value={sending.thread()}
          onInput={sending.setThread}
          error={refused()?.threadId}
        />
        <TextAreaField
          label="Payload"
          mono
          rows={7}
          value={sending.payload()}
          onInput={sending.setPayload}
          error={sending.problem() ?? refused()?.payload}
        />
      </DialogForm>
    </Dialog>
  );
}
