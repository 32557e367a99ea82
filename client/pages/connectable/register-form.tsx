import { Show, untrack } from 'solid-js';
import type { Submission } from '../../api/submission.ts';
import { nameHint } from '../../format/slug.ts';
import { DialogForm } from '../../ui/dialog-form.tsx';
import { TextField } from '../../ui/field.tsx';
import { AgentFields, agentFields } from './agent-fields.tsx';
import type { Kind, Registered } from './operations.ts';
import { words } from './operations.ts';
import { createRegistration } from './registration.ts';

interface RegisterFormProps {
  kind: Kind;
  submission: Submission;
  onRegistered: (registered: Registered) => void;
}

export function RegisterForm(props: RegisterFormProps) {
  const form = createRegistration(
    () => props.kind,
    untrack(() => props.submission),
    (registered) => props.onRegistered(registered),
  );
  const idField = () => `${props.kind}Id`;
  const title = () => words[props.kind].title;
  const refused = () => form.submission.failure()?.fields ?? {};
  const takenWithSuggestion = () => {
    const suggestion = form.submission.failure()?.suggestion;
    if (!suggestion) return refused()[idField()];
    return (
      <>
        {form.submission.failure()?.message}{' '}
        <button type="button" class="font-medium underline" onClick={() => form.setSlug(suggestion)}>
          Use “{suggestion}”
        </button>
      </>
    );
  };
  return (
    <DialogForm
      submission={form.submission}
      fields={['name', idField(), ...agentFields]}
      action="Register"
      onSubmit={form.submit}
    >
      <TextField
        label={`${title()} Name`}
        placeholder={props.kind === 'app' ? 'Portal' : 'Athena'}
        autofocus
        value={form.name()}
        onInput={form.setName}
        hint={nameHint(form.name())}
        error={form.nameProblem() ?? refused().name}
      />
      <TextField
        label={`${title()} ID`}
        description="Lowercase letters, numbers and hyphens. Cannot be changed after creation."
        placeholder={props.kind === 'app' ? 'portal' : 'athena'}
        mono
        value={form.slug()}
        onInput={form.setSlug}
        error={form.slugProblem() ?? takenWithSuggestion()}
      />
      <Show when={props.kind === 'agent'}>
        <AgentFields value={form.agent()} onChange={form.setAgent} errors={refused()} />
      </Show>
    </DialogForm>
  );
}
