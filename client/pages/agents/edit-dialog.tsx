import { createEffect, createSignal, on } from 'solid-js';
import { UpdateAgentDocument } from '../../api/generated/graphql.ts';
import { mutate } from '../../api/mutate.ts';
import { createSubmission } from '../../api/submission.ts';
import { DialogForm } from '../../ui/dialog-form.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { TextField } from '../../ui/field.tsx';
import type { AgentSettings } from '../connectable/agent-fields.tsx';
import { AgentFields, agentFields, isComplete } from '../connectable/agent-fields.tsx';
import type { AgentFound } from './agent-body.tsx';

type Settings = AgentSettings & { name: string };

export function EditDialog(props: { agent: AgentFound; open: boolean; onClose: () => void }) {
  /** Only what is changed here is saved, so that what somebody else changes behind the dialog is shown, and kept. */
  const [changes, setChanges] = createSignal<Partial<Settings>>({});
  const settings = (): Settings => ({ ...props.agent, ...changes() });
  const change = (change: Partial<Settings>) => setChanges((before) => ({ ...before, ...change }));
  const submission = createSubmission();
  createEffect(
    on(
      () => props.open,
      (open) => {
        if (!open) return;
        setChanges({});
        submission.forget();
      },
    ),
  );
  const submit = async (): Promise<void> => {
    if (submission.busy() || !isComplete(settings())) return;
    const { name, ...others } = changes();
    const input = { id: props.agent.id, name: name?.trim(), ...others };
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
        <TextField
          label="Agent Name"
          autofocus
          value={settings().name}
          onInput={(name) => change({ name })}
          error={errors().name}
        />
        <AgentFields value={settings()} onChange={change} errors={errors()} unfolded />
      </DialogForm>
    </Dialog>
  );
}
