import { Navigate, useSearchParams } from '@solidjs/router';
import { Match, Show, Switch, createSignal } from 'solid-js';
import { problemText } from '../../api/problem.ts';
import { useSession } from '../../api/session.tsx';
import { Centered } from '../../ui/centered.tsx';
import { Notice, Problem } from '../../ui/states.tsx';
import { CodeForm } from './code-form.tsx';
import { EmailForm } from './email-form.tsx';

/** Only addresses of this dashboard: a link must not be able to send people elsewhere after signing in. */
const safePath = (next: unknown): string =>
  typeof next === 'string' && /^\/(?![/\\])/.test(next) ? next : '/';

export default function SignIn() {
  const session = useSession();
  const [query] = useSearchParams();
  const [sentTo, setSentTo] = createSignal<string>();
  const firstRun = () => session.data?.signup.firstRun ?? false;
  const lead = () => {
    if (sentTo()) return `We sent a 6-digit code to ${sentTo()}. It is valid for 10 minutes.`;
    if (firstRun()) return 'This server is new. Enter your e-mail address to become its first owner.';
    return 'Enter your e-mail address and we will send you a code.';
  };
  return (
    <Switch>
      <Match when={session.data?.viewer}>
        <Navigate href={safePath(query.next)} />
      </Match>
      <Match when={session.error && !session.data}>
        <main class="grid min-h-screen place-items-center">
          <Problem onRetry={() => session.refetch()}>{problemText(session.error)}</Problem>
        </main>
      </Match>
      <Match when={session.data}>
        <Centered title={firstRun() ? 'Welcome to Relay' : 'Sign in to Relay'} lead={lead()}>
          <Show when={session.error}>{(error) => <Notice tone="bad">{problemText(error())}</Notice>}</Show>
          <Show when={sentTo()} fallback={<EmailForm onSent={setSentTo} />}>
            {(email) => (
              <CodeForm
                email={email()}
                onSignedIn={() => session.refetch()}
                onOtherEmail={() => setSentTo(undefined)}
              />
            )}
          </Show>
        </Centered>
      </Match>
    </Switch>
  );
}
