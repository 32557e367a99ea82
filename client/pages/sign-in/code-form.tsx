import { Show } from 'solid-js';
import { countdown } from '../../format/time.ts';
import { Button } from '../../ui/button.tsx';
import { TextField } from '../../ui/field.tsx';
import { Notice } from '../../ui/states.tsx';
import { useNow } from '../../ui/time.tsx';
import { createCodeEntry } from './code-entry.ts';

interface CodeFormProps {
  email: string;
  onSignedIn: () => void;
  onOtherEmail: () => void;
}

export function CodeForm(props: CodeFormProps) {
  const now = useNow();
  const entry = createCodeEntry(
    () => props.email,
    () => props.onSignedIn(),
  );
  const locked = () => entry.lockedUntil() && 'Wait until the lock ends.';
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    void entry.verify();
  };
  return (
    <form class="flex flex-col gap-3" novalidate onSubmit={submit}>
      <Show when={entry.lockedUntil()}>
        {(until) => (
          <Notice tone="bad">Too many wrong codes. You can try again in {countdown(until(), now())}.</Notice>
        )}
      </Show>
      <Show when={entry.resent()}>
        <Notice tone="info">A new code is on its way. Codes sent earlier no longer work.</Notice>
      </Show>
      <TextField
        label="Code"
        inputmode="numeric"
        autocomplete="one-time-code"
        autofocus
        mono
        class="text-base tracking-[0.3em]"
        value={entry.code()}
        onInput={entry.type}
        disabled={entry.lockedUntil() !== undefined}
        error={entry.problem()}
      />
      <Button type="submit" variant="primary" class="w-full" busy={entry.busy()} disabledReason={locked()}>
        Sign in
      </Button>
      <div class="-mx-3 flex justify-between">
        <Button
          variant="ghost"
          busy={entry.resending()}
          disabledReason={locked()}
          onClick={() => void entry.resend()}
        >
          Send a new code
        </Button>
        <Button variant="ghost" onClick={() => props.onOtherEmail()}>
          Use another e-mail
        </Button>
      </div>
    </form>
  );
}
