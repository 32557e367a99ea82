import { useNavigate } from '@solidjs/router';
import type { JSX } from 'solid-js';
import { createContext, useContext } from 'solid-js';
import { useOrganization } from '../../api/session.tsx';

const Context = createContext<(eventId: string) => string>();

/** Where events that are linked to from here open: beside the list they are looked at from. */
export function EventPlace(props: { href: (eventId: string) => string; children: JSX.Element }) {
  const href = (eventId: string): string => props.href(eventId);
  return <Context.Provider value={href}>{props.children}</Context.Provider>;
}

/** The address of another event, seen from this one; on its own page unless a list says otherwise. */
export function useEventHref(): (eventId: string) => string {
  const organization = useOrganization();
  return useContext(Context) ?? ((eventId) => `/${organization().slug}/events/${eventId}`);
}

export function useOpenEvent(): (eventId: string) => void {
  const navigate = useNavigate();
  const href = useEventHref();
  return (eventId) => navigate(href(eventId), { scroll: false });
}
