import type { JSX } from 'solid-js';
import { createContext, createEffect, on, useContext } from 'solid-js';
import type { Query } from './query.ts';
import { createQuery } from './query.ts';
import type { SessionQuery } from './generated/graphql.ts';
import { SessionDocument } from './generated/graphql.ts';
import { sessionEnded } from './socket.ts';

const Context = createContext<Query<SessionQuery>>();

/** Who is signed in, for everything below. Asked again as soon as the server says that a session is over. */
export function SessionProvider(props: { children: JSX.Element }) {
  const session = createQuery(SessionDocument, () => ({}));
  createEffect(on(sessionEnded, () => session.refetch(), { defer: true }));
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
