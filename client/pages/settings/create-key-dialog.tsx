import { Show, createSignal } from 'solid-js';
import type { ApiKeyScope } from '../../api/generated/graphql.ts';
import { CreateApiKeyDocument } from '../../api/generated/graphql.ts';
import type { Failure } from '../../api/mutate.ts';
import { mutateSecretly } from '../../api/mutate.ts';
import { useOrganization } from '../../api/session.tsx';
import { refetchOnScreen } from '../../api/socket.ts';
import { createSecretSignal } from '../../live/secret-signal.ts';
import { Button } from '../../ui/button.tsx';
import { CancelButton, Dialog, DialogActions } from '../../ui/dialog.tsx';
import { Field, TextField } from '../../ui/field.tsx';
import { Secret } from '../../ui/secret.tsx';
import { Select } from '../../ui/select.tsx';
import { Notice } from '../../ui/states.tsx';

const DAY_MS = 86_400_000;

export function CreateKeyDialog(props: { open: boolean; onClose: () => void }) {
  const organization = useOrganization();
  const [name, setName] = createSignal('');
  const [scope, setScope] = createSignal<ApiKeyScope>('READ');
  const [days, setDays] = createSignal('');
  const [busy, setBusy] = createSignal(false);
  const [failure, setFailure] = createSignal<Failure>();
  const { held: key, hold, wipe } = createSecretSignal<{ token: string }>();
  const close = (): void => {
    if (key()) refetchOnScreen();
    wipe();
    setName('');
    setScope('READ');
    setDays('');
    setFailure(undefined);
    props.onClose();
  };
  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    if (busy()) return;
    setBusy(true);
    const expiresAt = days() ? new Date(Date.now() + Number(days()) * DAY_MS).toISOString() : null;
    const { ok, failure: refused } = await mutateSecretly(CreateApiKeyDocument, {
      input: { organizationId: organization().id, name: name().trim(), scopes: [scope()], expiresAt },
    });
    setBusy(false);
    setFailure(refused);
    hold(ok && { token: ok.key });
  };
  return (
    <Dialog
      open={props.open}
      onClose={close}
      busy={busy()}
      guarded={busy() || key() !== undefined}
      title={key() ? 'API key created' : 'Create an API key'}
      description={
        key() ? undefined : 'It acts with your rights in this organization, and ends with your membership.'
      }
    >
      <Show
        when={key()}
        fallback={
          <form onSubmit={(event) => void submit(event)} novalidate class="flex flex-col gap-3">
            <Show when={failure() && Object.keys(failure()?.fields ?? {}).length === 0}>
              <Notice tone="bad">{failure()?.message}</Notice>
            </Show>
            <TextField
              label="Name"
              placeholder="Provisioning script"
              autofocus
              value={name()}
              onInput={setName}
              error={failure()?.fields.name}
            />
            <Field
              label="Scope"
              description={
                scope() === 'READ'
                  ? 'Sees apps, agents and history; changes nothing.'
                  : 'Also registers, rotates, deactivates and sends.'
              }
              error={failure()?.fields.scopes}
            >
              {(ids) => (
                <Select
                  id={ids.id}
                  label="Scope"
                  value={scope()}
                  onChange={(value) => setScope(value as ApiKeyScope)}
                  options={[
                    { value: 'READ', label: 'Read' },
                    { value: 'MANAGE', label: 'Read and manage' },
                  ]}
                />
              )}
            </Field>
            <Field label="Expires" error={failure()?.fields.expiresAt}>
              {(ids) => (
                <Select
                  id={ids.id}
                  label="Expires"
                  value={days()}
                  onChange={setDays}
                  options={[
                    { value: '', label: 'Never' },
                    { value: '30', label: 'In 30 days' },
                    { value: '90', label: 'In 90 days' },
                    { value: '365', label: 'In a year' },
                  ]}
                />
              )}
            </Field>
            <DialogActions>
              <CancelButton />
              <Button type="submit" variant="primary" busy={busy()}>
                Create key
              </Button>
            </DialogActions>
          </form>
        }
      >
        {(secret) => <Secret what="key" secret={secret().token} variable="RELAY_API_KEY" onStored={close} />}
      </Show>
    </Dialog>
  );
}
