import { createSignal } from 'solid-js';
import type { ApiKeyScope } from '../../api/generated/graphql.ts';
import { CreateApiKeyDocument } from '../../api/generated/graphql.ts';
import { mutateSecretly } from '../../api/mutate.ts';
import { useOrganization } from '../../api/session.tsx';
import { refetchOnScreen } from '../../api/socket.ts';
import { createSubmission } from '../../api/submission.ts';
import { createSecretSignal } from '../../live/secret-signal.ts';

const DAY_MS = 86_400_000;

/** An API key as it is asked for, and the key itself until it is stored elsewhere. */
export function createKeyMaking() {
  const organization = useOrganization();
  const [name, setName] = createSignal('');
  const [scope, setScope] = createSignal<ApiKeyScope>('READ');
  /** How long it is to live, days; empty for ever. */
  const [days, setDays] = createSignal('');
  const submission = createSubmission();
  const { held: key, hold, wipe } = createSecretSignal<{ token: string }>();
  const make = async (): Promise<void> => {
    if (submission.busy()) return;
    const expiresAt = days() ? new Date(Date.now() + Number(days()) * DAY_MS).toISOString() : null;
    const { ok } = await submission.settle(
      mutateSecretly(CreateApiKeyDocument, {
        input: { organizationId: organization().id, name: name().trim(), scopes: [scope()], expiresAt },
      }),
    );
    hold(ok && { token: ok.key });
  };
  const reset = (): void => {
    if (key()) refetchOnScreen();
    wipe();
    setName('');
    setScope('READ');
    setDays('');
    submission.forget();
  };
  return { submission, key, name, setName, scope, setScope, days, setDays, make, reset };
}
