import { Show, createSignal } from 'solid-js';
import type { Failure } from '../../api/mutate.ts';
import { useOrganization } from '../../api/session.tsx';
import { nameHint, slugProblem, suggestSlug } from '../../format/slug.ts';
import { Button } from '../../ui/button.tsx';
import { CancelButton, DialogActions } from '../../ui/dialog.tsx';
import { TextField } from '../../ui/field.tsx';
import { Notice } from '../../ui/states.tsx';
import { AgentFields, agentDefaults, isComplete } from './agent-fields.tsx';
import type { Kind, Registered } from './operations.ts';
import { register, words } from './operations.ts';

interface RegisterFormProps {
  kind: Kind;
  /** Is it being registered? */
  busy: boolean;
  onBusy: (busy: boolean) => void;
  onRegistered: (registered: Registered) => void;
}

export function RegisterForm(props: RegisterFormProps) {
  const organization = useOrganization();
  const [name, setName] = createSignal('');
  const [ownSlug, setOwnSlug] = createSignal<string>();
  const [agent, setAgent] = createSignal(agentDefaults);
  const [failure, setFailure] = createSignal<Failure>();
  const [tried, setTried] = createSignal(false);
  const slug = () => ownSlug() ?? suggestSlug(name());
  const idField = () => `${props.kind}Id`;
  const title = () => words[props.kind].title;
  const missing = (text: string, what: string) =>
    tried() && text.trim() === '' ? `Enter ${what}.` : undefined;

  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    setTried(true);
    if (props.busy || name().trim() === '' || slug() === '' || slugProblem(slug()) || !isComplete(agent()))
      return;
    props.onBusy(true);
    const { value, failure: refused } = await register(props.kind, {
      organizationId: organization().id,
      name: name().trim(),
      slug: slug(),
      ...agent(),
    });
    props.onBusy(false);
    setFailure(refused);
    if (value) props.onRegistered(value);
  };
  const changeSlug = (text: string): void => {
    setOwnSlug(text);
    setFailure(undefined);
  };
  const takenWithSuggestion = () => {
    const suggestion = failure()?.suggestion;
    if (!suggestion) return failure()?.fields[idField()];
    return (
      <>
        {failure()?.message}{' '}
        <button type="button" class="font-medium underline" onClick={() => changeSlug(suggestion)}>
          Use “{suggestion}”
        </button>
      </>
    );
  };

  return (
    <form class="flex flex-col gap-3" onSubmit={(event) => void submit(event)} novalidate>
      <Show when={failure() && Object.keys(failure()?.fields ?? {}).length === 0}>
        <Notice tone="bad">{failure()?.message}</Notice>
      </Show>
      <TextField
        label={`${title()} Name`}
        placeholder={props.kind === 'app' ? 'Portal' : 'Athena'}
        autofocus
        value={name()}
        onInput={setName}
        hint={nameHint(name())}
        error={missing(name(), 'a name') ?? failure()?.fields.name}
      />
      <TextField
        label={`${title()} ID`}
        description="Lowercase letters, numbers and hyphens. Cannot be changed after creation."
        placeholder={props.kind === 'app' ? 'portal' : 'athena'}
        mono
        value={slug()}
        onInput={changeSlug}
        error={slugProblem(slug()) ?? missing(slug(), 'an ID') ?? takenWithSuggestion()}
      />
      <Show when={props.kind === 'agent'}>
        <AgentFields value={agent()} onChange={setAgent} errors={failure()?.fields ?? {}} />
      </Show>
      <DialogActions>
        <CancelButton />
        <Button type="submit" variant="primary" busy={props.busy}>
          Register
        </Button>
      </DialogActions>
    </form>
  );
}
