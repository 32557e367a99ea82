import { createEffect, createSignal, untrack } from 'solid-js';
import { UpdateAgentDocument } from '../../api/generated/graphql.ts';
import { mutate } from '../../api/mutate.ts';
import { createSubmission } from '../../api/submission.ts';
import { DialogForm } from '../../ui/dialog-form.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { TextField } from '../../ui/field.tsx';
import type { AgentSettings } from '../connectable/agent-fields.tsx';
import { AgentFields, agentDefaults, agentFields, isComplete } from '../connectable/agent-fields.tsx';
import type { AgentFound } from './agent-body.tsx';

export function EditDialog(props: { agent: AgentFound; open: boolean; onClose: () => void }) {
  const [name, setName] = createSignal('');
  const [settings, setSettings] = createSignal<AgentSettings>(agentDefaults);
  const submission = createSubmission();
  createEffect(() => {
    if (!props.open) return;
    // What is typed must survive live updates of the agent behind the dialog.
    untrack(() => {
      const { description, timeoutSeconds, maxSeconds, queueSeconds, maxInFlight } = props.agent;
      setName(props.agent.name);
      setSettings({ description, timeoutSeconds, maxSeconds, queueSeconds, maxInFlight });
      submission.forget();
    });
  });
  const submit = async (): Promise<void> => {
    if (submission.busy() || !isComplete(settings())) return;
    const input = { id: props.agent.id, name: name().trim(), ...settings() };
    const { ok } = await submission.settle(mutate(UpdateAgentDocument, { input }));
    if (ok) props.onClose();
  };
  const errors = () => submission.failure()?.fields ?? {};
  return (
    <Dialog
      open={props.open}
      onClose={() => props.onClose()}
      busy={submission.busy()}
      title={`Edit ${props.agent.name}`}
      description={`The Agent ID stays ${props.agent.agentId}.`}
    >
      <DialogForm submission={submission} fields={['name', ...agentFields]} action="Save" onSubmit={submit}>
        <TextField label="Agent Name" autofocus value={name()} onInput={setName} error={errors().name} />
        <AgentFields value={settings()} onChange={setSettings} errors={errors()} unfolded />
      </DialogForm>
    </Dialog>
  );
}
