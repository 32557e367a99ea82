import { Show, createEffect, createSignal, untrack } from 'solid-js';
import { UpdateAgentDocument } from '../../api/generated/graphql.ts';
import type { Failure } from '../../api/mutate.ts';
import { mutate } from '../../api/mutate.ts';
import { Button } from '../../ui/button.tsx';
import { CancelButton, Dialog, DialogActions } from '../../ui/dialog.tsx';
import { TextField } from '../../ui/field.tsx';
import { Notice } from '../../ui/states.tsx';
import type { AgentSettings } from '../connectable/agent-fields.tsx';
import { AgentFields, agentDefaults, isComplete } from '../connectable/agent-fields.tsx';
import type { AgentFound } from './agent-body.tsx';

export function EditDialog(props: { agent: AgentFound; open: boolean; onClose: () => void }) {
  const [name, setName] = createSignal('');
  const [settings, setSettings] = createSignal<AgentSettings>(agentDefaults);
  const [busy, setBusy] = createSignal(false);
  const [failure, setFailure] = createSignal<Failure>();
  createEffect(() => {
    if (!props.open) return;
    // What is typed must survive live updates of the agent behind the dialog.
    untrack(() => {
      const { description, timeoutSeconds, maxSeconds, queueSeconds, maxInFlight } = props.agent;
      setName(props.agent.name);
      setSettings({ description, timeoutSeconds, maxSeconds, queueSeconds, maxInFlight });
      setFailure(undefined);
    });
  });
  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    if (busy() || !isComplete(settings())) return;
    setBusy(true);
    const { ok, failure: refused } = await mutate(UpdateAgentDocument, {
      input: { id: props.agent.id, name: name().trim(), ...settings() },
    });
    setBusy(false);
    setFailure(refused);
    if (ok) props.onClose();
  };
  return (
    <Dialog
      open={props.open}
      onClose={() => props.onClose()}
      busy={busy()}
      title={`Edit ${props.agent.name}`}
      description={`The Agent ID stays ${props.agent.agentId}.`}
    >
      <form onSubmit={(event) => void submit(event)} novalidate class="flex flex-col gap-3">
        <Show when={failure() && Object.keys(failure()?.fields ?? {}).length === 0}>
          <Notice tone="bad">{failure()?.message}</Notice>
        </Show>
        <TextField
          label="Agent Name"
          autofocus
          value={name()}
          onInput={setName}
          error={failure()?.fields.name}
        />
        <AgentFields value={settings()} onChange={setSettings} errors={failure()?.fields ?? {}} unfolded />
        <DialogActions>
          <CancelButton />
          <Button type="submit" variant="primary" busy={busy()}>
            Save
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
