import type { JSX } from 'solid-js';
import { createContext, createEffect, on, onCleanup, useContext } from 'solid-js';
import type { Query } from './query.ts';
import { createQuery } from './query.ts';
import type { SessionQuery } from './generated/graphql.ts';
import { SessionDocument } from './generated/graphql.ts';
import { sessionEnded } from './socket.ts';

const Context = createContext<Query<SessionQuery>>();

const ASK_EVERY_MS = 1_000;

/**
 * Who is signed in, for everything below. Asked again when there is reason to think that the session is over; once it
 * is, the whole page is left, so that nothing of it stays in memory for whoever signs in next.
 */
export function SessionProvider(props: { children: JSX.Element }) {
  const session = createQuery(SessionDocument, () => ({}));
  let timer: ReturnType<typeof setTimeout> | undefined;
  const askSoon = (): void => {
    timer ??= setTimeout(() => {
      timer = undefined;
      session.refetch();
    }, ASK_EVERY_MS);
  };
  onCleanup(() => clearTimeout(timer));
  createEffect(on(sessionEnded, askSoon, { defer: true }));
  createEffect(
    on(
      () => session.data?.viewer?.user?.id,
      (id, before) => {
        if (before === undefined || id === before) return;
        const next = encodeURIComponent(`${location.pathname}${location.search}`);
        location.assign(`/sign-in?next=${next}`);
      },
    ),
  );
  return <Context.Provider value={session}>{props.children}</Context.Provider>;
}

export function useSession(): Query<SessionQuery> {
  const session = useContext(Context);
  if (!session) throw new Error('useSession is called outside of SessionProvider.');
  return session;
}

export type ViewerOrganization = NonNullable<SessionQuery['viewer']>['organizations'][number];

const OrganizationContext = createContext<() => ViewerOrganization>();

export function OrganizationProvider(props: { organization: ViewerOrganization; children: JSX.Element }) {
  const organization = (): ViewerOrganization => props.organization;
  return <OrganizationContext.Provider value={organization}>{props.children}</OrganizationContext.Provider>;
}

/** The organisation named in the address, with the viewer's role in it. */
export function useOrganization(): () => ViewerOrganization {
  const organization = useContext(OrganizationContext);
  if (!organization) throw new Error('useOrganization is called outside of an organisation.');
  return organization;
}

/** Why the viewer may not change things here; undefined for owners. */
export function useReadOnlyReason(): () => string | undefined {
  const organization = useOrganization();
  return () =>
    organization().viewerRole === 'OWNER' ? undefined : 'Only owners of this organization can do this.';
}
