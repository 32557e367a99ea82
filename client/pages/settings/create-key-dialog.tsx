import { Show } from 'solid-js';
import type { ApiKeyScope } from '../../api/generated/graphql.ts';
import { DialogForm } from '../../ui/dialog-form.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Field, TextField } from '../../ui/field.tsx';
import { Secret } from '../../ui/secret.tsx';
import { Select } from '../../ui/select.tsx';
import { createKeyMaking } from './key-making.ts';

const scopes = [
  { value: 'READ', label: 'Read' },
  { value: 'MANAGE', label: 'Read and manage' },
];

const lives = [
  { value: '', label: 'Never' },
  { value: '30', label: 'In 30 days' },
  { value: '90', label: 'In 90 days' },
  { value: '365', label: 'In a year' },
];

export function CreateKeyDialog(props: { open: boolean; onClose: () => void }) {
  const making = createKeyMaking();
  const { key } = making;
  const close = (): void => {
    making.reset();
    props.onClose();
  };
  return (
    <Dialog
      open={props.open}
      onClose={close}
      busy={making.submission.busy()}
      guarded={making.submission.busy() || key() !== undefined}
      title={key() ? 'API key created' : 'Create an API key'}
      description={
        key() ? undefined : 'It acts with your rights in this organization, and ends with your membership.'
      }
    >
      <Show when={key()} fallback={<KeyForm making={making} />}>
        {(secret) => <Secret what="key" secret={secret().token} variable="RELAY_API_KEY" onStored={close} />}
      </Show>
    </Dialog>
  );
}

function KeyForm(props: { making: ReturnType<typeof createKeyMaking> }) {
  const refused = () => props.making.submission.failure()?.fields;
  return (
    <DialogForm
      submission={props.making.submission}
      fields={['name', 'scopes', 'expiresAt']}
      action="Create key"
      onSubmit={props.making.make}
    >
      <TextField
        label="Name"
        placeholder="Provisioning script"
        autofocus
        value={props.making.name()}
        onInput={props.making.setName}
        error={refused()?.name}
      />
      <Field
        label="Scope"
        description={
          props.making.scope() === 'READ'
            ? 'Sees apps, agents and history; changes nothing.'
            : 'Also registers, rotates, deactivates and sends.'
        }
        error={refused()?.scopes}
      >
        {(ids) => (
          <Select
            id={ids.id}
            label="Scope"
            value={props.making.scope()}
            onChange={(value) => props.making.setScope(value as ApiKeyScope)}
            options={scopes}
          />
        )}
      </Field>
      <Field label="Expires" error={refused()?.expiresAt}>
        {(ids) => (
          <Select
            id={ids.id}
            label="Expires"
            value={props.making.days()}
            onChange={props.making.setDays}
            options={lives}
          />
        )}
      </Field>
    </DialogForm>
  );
}
