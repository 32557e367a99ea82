import { Navigate, useLocation } from '@solidjs/router';
import type { Accessor, JSX } from 'solid-js';
import { Match, Switch } from 'solid-js';
import type { SessionQuery } from '../../api/generated/graphql.ts';
import { problemText } from '../../api/problem.ts';
import { useSession } from '../../api/session.tsx';
import { Problem } from '../../ui/states.tsx';

export type Viewer = NonNullable<SessionQuery['viewer']>;

/** Lets signed-in people through; sends everyone else to sign in, and back to this very address afterwards. */
export function Gate(props: { children: (viewer: Accessor<Viewer>) => JSX.Element }) {
  const session = useSession();
  const location = useLocation();
  const next = () => encodeURIComponent(`${location.pathname}${location.search}`);
  return (
    <Switch>
      <Match when={session.data?.viewer}>{(viewer) => props.children(viewer)}</Match>
      <Match when={session.data}>
        <Navigate href={location.pathname === '/' ? '/sign-in' : `/sign-in?next=${next()}`} />
      </Match>
      <Match when={session.error}>
        {(error) => (
          <main class="grid min-h-screen place-items-center">
            <Problem onRetry={() => session.refetch()}>{problemText(error())}</Problem>
          </main>
        )}
      </Match>
    </Switch>
  );
}
