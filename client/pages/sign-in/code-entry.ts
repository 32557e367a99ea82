import { createSignal } from 'solid-js';
import { RequestLoginCodeDocument, VerifyLoginCodeDocument } from '../../api/generated/graphql.ts';
import type { Failure } from '../../api/mutate.ts';
import { mutate } from '../../api/mutate.ts';
import { useNow } from '../../ui/time.tsx';

const LENGTH = 6;

function sentence(failure: Failure): string {
  if (!failure.attemptsLeft) return failure.message;
  return `That code is not right. ${failure.attemptsLeft} ${failure.attemptsLeft === 1 ? 'try' : 'tries'} left.`;
}

/** Whether it tells of the code; else that is as good as it was. */
const judged = ({ attemptsLeft, until }: Failure): boolean =>
  attemptsLeft !== undefined || until !== undefined;

/** A code as it is typed, and what came of those before it. */
export function createCodeEntry(email: () => string, signedIn: () => void) {
  const [code, setCode] = createSignal('');
  const [busy, setBusy] = createSignal(false);
  const [failure, setFailure] = createSignal<Failure>();
  const [resending, setResending] = createSignal(false);
  const [resent, setResent] = createSignal(false);
  const now = useNow();
  /** The end of the lock, while there is one: ISO 8601. */
  const lockedUntil = () => {
    const until = failure()?.until;
    return until && Date.parse(until) > now() ? until : undefined;
  };
  const verify = async (): Promise<void> => {
    if (busy() || code().length !== LENGTH || lockedUntil()) return;
    setBusy(true);
    const tried = code();
    const { ok, failure: refused } = await mutate(VerifyLoginCodeDocument, {
      input: { email: email(), code: tried },
    });
    setFailure(refused);
    // A code is good once: the form waits for the session to be there.
    if (ok) return signedIn();
    setBusy(false);
    if (code() !== tried) void verify();
    else if (judged(refused)) setCode('');
  };
  return {
    code,
    busy,
    resending,
    resent,
    lockedUntil,
    problem: (): string | undefined => {
      const refused = failure();
      return refused && !lockedUntil() ? (refused.fields.code ?? sentence(refused)) : undefined;
    },
    verify,
    type: (text: string): void => {
      setCode(text.replace(/\D/g, '').slice(0, LENGTH));
      setResent(false);
      // A pasted code goes on its own, as does the last digit typed.
      if (code().length === LENGTH) void verify();
    },
    resend: async (): Promise<void> => {
      setResending(true);
      const { failure: refused } = await mutate(RequestLoginCodeDocument, { input: { email: email() } });
      setResending(false);
      setFailure(refused);
      setResent(!refused);
    },
  };
}
