import { createSignal } from 'solid-js';
import { RequestLoginCodeDocument } from '../../api/generated/graphql.ts';
import { mutate } from '../../api/mutate.ts';
import { createSubmission } from '../../api/submission.ts';
import { Button } from '../../ui/button.tsx';
import { TextField } from '../../ui/field.tsx';
import { Refused } from '../../ui/refused.tsx';

export function EmailForm(props: { onSent: (email: string) => void }) {
  const [email, setEmail] = createSignal('');
  const { busy, failure, settle } = createSubmission();
  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    if (busy()) return;
    const { ok } = await settle(mutate(RequestLoginCodeDocument, { input: { email: email().trim() } }));
    if (ok) props.onSent(ok.email);
  };
  return (
    <form class="flex flex-col gap-3" onSubmit={(event) => void submit(event)} novalidate>
      <Refused failure={failure()} fields={['email']} />
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
