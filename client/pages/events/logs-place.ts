import { useSearchParams } from '@solidjs/router';
import { useOrganization } from '../../api/session.tsx';
import { useMedia } from '../../ui/media.ts';
import { EVENT_SHEET } from './event-sheet.tsx';

/** Narrower screens have no room for an event beside the list: it opens on its own page. */
const ROOM_FOR_BOTH = '(min-width: 1200px)';

/** Where one is in the event logs, which their address says: the event that is open, and whether new ones come in. */
export function createLogsPlace() {
  const organization = useOrganization();
  const [place, setPlace] = useSearchParams<{ event: string; live: string }>();
  const roomForBoth = useMedia(ROOM_FOR_BOTH);
  return {
    event: () => place.event,
    roomForBoth,
    live: () => place.live !== 'off',
    setLive: (on: boolean): void =>
      setPlace({ live: on ? undefined : 'off' }, { replace: true, scroll: false }),
    /** Opens an event beside the list; false: there is no room. */
    open: (event: string): boolean => {
      // Opened once more, it is gone into: the list may be endless, so nobody gets there by Tab.
      if (place.event === event) {
        document.getElementById(EVENT_SHEET)?.focus();
        return true;
      }
      // One step back leaves the event, however many were looked at meanwhile.
      if (roomForBoth()) setPlace({ event }, { replace: place.event !== undefined, scroll: false });
      return roomForBoth();
    },
    close: (): void => {
      const { event } = place;
      if (!event) return;
      setPlace({ event: undefined }, { replace: true, scroll: false });
      document.querySelector<HTMLElement>(`tr[data-event="${CSS.escape(event)}"] a`)?.focus();
    },
    /** The address with another event open. */
    href: (event: string): string => {
      const query = new URLSearchParams(
        Object.entries({ ...place, event }).flatMap(([name, value]) =>
          value === undefined ? [] : [[name, String(value)]],
        ),
      );
      return `/${organization().slug}/events?${query.toString()}`;
    },
  };
}
