import { Show, createSignal } from 'solid-js';
import { RequestLoginCodeDocument } from '../../api/generated/graphql.ts';
import type { Failure } from '../../api/mutate.ts';
import { mutate } from '../../api/mutate.ts';
import { Button } from '../../ui/button.tsx';
import { TextField } from '../../ui/field.tsx';
import { Notice } from '../../ui/states.tsx';

export function EmailForm(props: { onSent: (email: string) => void }) {
  const [email, setEmail] = createSignal('');
  const [busy, setBusy] = createSignal(false);
  const [failure, setFailure] = createSignal<Failure>();
  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    if (busy()) return;
    setBusy(true);
    const { ok, failure: refused } = await mutate(RequestLoginCodeDocument, {
      input: { email: email().trim() },
    });
    setBusy(false);
    setFailure(refused);
    if (ok) props.onSent(ok.email);
  };
  return (
    <form class="flex flex-col gap-3" onSubmit={(event) => void submit(event)} novalidate>
      <Show when={failure() && !failure()?.fields.email}>
        <Notice tone="bad">{failure()?.message}</Notice>
      </Show>
      <TextField
        label="E-mail"
        type="email"
        autocomplete="email"
        autofocus
        value={email()}
        onInput={setEmail}
        error={failure()?.fields.email}
      />
      <Button type="submit" variant="primary" class="w-full" busy={busy()}>
        Send code
      </Button>
    </form>
  );
}
