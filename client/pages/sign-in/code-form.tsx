import { Show, createSignal } from 'solid-js';
import { RequestLoginCodeDocument, VerifyLoginCodeDocument } from '../../api/generated/graphql.ts';
import type { Failure } from '../../api/mutate.ts';
import { mutate } from '../../api/mutate.ts';
import { countdown } from '../../format/time.ts';
import { Button } from '../../ui/button.tsx';
import { TextField } from '../../ui/field.tsx';
import { Notice } from '../../ui/states.tsx';
import { useNow } from '../../ui/time.tsx';

interface CodeFormProps {
  email: string;
  onSignedIn: () => void;
  onOtherEmail: () => void;
}

const LENGTH = 6;

function sentence(failure: Failure): string {
  if (failure.attemptsLeft === undefined) return failure.message;
  return `That code is not right. ${failure.attemptsLeft} ${failure.attemptsLeft === 1 ? 'try' : 'tries'} left.`;
}

export function CodeForm(props: CodeFormProps) {
  const [code, setCode] = createSignal('');
  const [busy, setBusy] = createSignal(false);
  const [failure, setFailure] = createSignal<Failure>();
  const [resending, setResending] = createSignal(false);
  const [resent, setResent] = createSignal(false);
  const now = useNow();
  const lockedUntil = () => {
    const until = failure()?.until;
    return until && Date.parse(until) > now() ? until : undefined;
  };
  const verify = async (): Promise<void> => {
    if (busy() || code().length !== LENGTH || lockedUntil()) return;
    setBusy(true);
    const tried = code();
    const { ok, failure: refused } = await mutate(VerifyLoginCodeDocument, {
      input: { email: props.email, code: tried },
    });
    setFailure(refused);
    // A code is good once: the form waits for the session to be there.
    if (ok) return props.onSignedIn();
    setBusy(false);
    if (code() === tried) setCode('');
    else void verify();
  };
  const type = (text: string): void => {
    setCode(text.replace(/\D/g, '').slice(0, LENGTH));
    setResent(false);
    // A pasted code goes on its own, as does the last digit typed.
    if (code().length === LENGTH) void verify();
  };
  const resend = async (): Promise<void> => {
    setResending(true);
    const { failure: refused } = await mutate(RequestLoginCodeDocument, { input: { email: props.email } });
    setResending(false);
    setFailure(refused);
    setResent(!refused);
  };
  return (
    <form
      class="flex flex-col gap-3"
      novalidate
      onSubmit={(event) => {
        event.preventDefault();
        void verify();
      }}
    >
      <Show when={lockedUntil()}>
        {(until) => (
          <Notice tone="bad">Too many wrong codes. You can try again in {countdown(until(), now())}.</Notice>
        )}
      </Show>
      <Show when={resent()}>
        <Notice tone="info">A new code is on its way. Codes sent earlier no longer work.</Notice>
      </Show>
      <TextField
        label="Code"
        inputmode="numeric"
        autocomplete="one-time-code"
        autofocus
        mono
        class="text-base tracking-[0.3em]"
        value={code()}
        onInput={type}
        disabled={lockedUntil() !== undefined}
        error={
          lockedUntil() ? undefined : failure() && (failure()?.fields.code ?? sentence(failure() as Failure))
        }
      />
      <Button
        type="submit"
        variant="primary"
        class="w-full"
        busy={busy()}
        disabledReason={lockedUntil() && 'Wait until the lock ends.'}
      >
        Sign in
      </Button>
      <div class="-mx-3 flex justify-between">
        <Button variant="ghost" busy={resending()} onClick={() => void resend()}>
          Send a new code
        </Button>
        <Button variant="ghost" onClick={() => props.onOtherEmail()}>
          Use another e-mail
        </Button>
      </div>
    </form>
  );
}
