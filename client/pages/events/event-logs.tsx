import { Navigate, useSearchParams } from '@solidjs/router';
import Keyboard from 'lucide-solid/icons/keyboard';
import { Show, createSignal } from 'solid-js';
import { exportList } from '../../api/export.ts';
import { useOrganization } from '../../api/session.tsx';
import { eventFormats } from '../../format/event-export.ts';
import { Button } from '../../ui/button.tsx';
import { useKeys } from '../../ui/keys.ts';
import { useMedia } from '../../ui/media.ts';
import { Page, Panel } from '../../ui/page.tsx';
import { Empty } from '../../ui/states.tsx';
import { ExportButton } from '../export/export-button.tsx';
import { useEventFilters } from './event-filters.ts';
import { EventPlace } from './event-place.tsx';
import { EVENT_SHEET, EventSheet } from './event-sheet.tsx';
import type { EventRows } from './event-table.tsx';
import { EventTable } from './event-table.tsx';
import { eventPages } from './export-pages.ts';
import { FilterBar } from './filter-bar.tsx';
import { LiveToggle } from './live-toggle.tsx';
import { ShortcutsDialog } from './shortcuts-dialog.tsx';

/** Narrower screens have no room for an event beside the list: it opens on its own page. */
const ROOM_FOR_BOTH = '(min-width: 1200px)';

export default function EventLogs() {
  const organization = useOrganization();
  const filters = useEventFilters();
  const [place, setPlace] = useSearchParams<{ event: string; live: string }>();
  const roomForBoth = useMedia(ROOM_FOR_BOTH);
  const [helping, setHelping] = createSignal(false);
  let rows: EventRows | undefined;
  const live = () => place.live !== 'off';
  const setLive = (on: boolean): void =>
    setPlace({ live: on ? undefined : 'off' }, { replace: true, scroll: false });
  const open = (event: string): boolean => {
    // Opened once more, it is gone into: the list may be endless, so nobody gets there by Tab.
    if (place.event === event) {
      document.getElementById(EVENT_SHEET)?.focus();
      return true;
    }
    // One step back leaves the event, however many were looked at meanwhile.
    if (roomForBoth()) setPlace({ event }, { replace: place.event !== undefined, scroll: false });
    return roomForBoth();
  };
  const close = (): void => {
    const { event } = place;
    if (!event) return;
    setPlace({ event: undefined }, { replace: true, scroll: false });
    document.querySelector<HTMLElement>(`tr[data-event="${CSS.escape(event)}"] a`)?.focus();
  };
  const href = (event: string): string => {
    const query = new URLSearchParams(
      Object.entries({ ...place, event }).flatMap(([name, value]) =>
        value === undefined ? [] : [[name, String(value)]],
      ),
    );
    return `/${organization().slug}/events?${query.toString()}`;
  };
  useKeys({
    j: () => rows?.move(1),
    k: () => rows?.move(-1),
    '/': () => document.querySelector<HTMLElement>('[aria-keyshortcuts="/"]')?.focus(),
    '?': () => setHelping(true),
    l: () => setLive(!live()),
    Escape: close,
  });
  return (
    <Show
      when={roomForBoth() || !place.event}
      fallback={<Navigate href={`/${organization().slug}/events/${place.event ?? ''}`} />}
    >
      <div class="flex items-start">
        <div class="min-w-0 flex-1">
          <Page
            title="Event logs"
            wide
            actions={
              <>
                <LiveToggle on={live()} onChange={setLive} />
                <ExportButton
                  what="events"
                  one="event"
                  file={`${organization().slug}-events`}
                  narrowed={filters.narrowed()}
                  extra="With payloads and replies"
                  run={(format, bodies, onRows, signal) =>
                    exportList(
                      eventPages(organization().slug, filters.filter(), bodies),
                      eventFormats(bodies)[format],
                      onRows,
                      signal,
                    )
                  }
                />
                <span class="max-md:hidden">
                  <Button
                    variant="ghost"
                    aria-label="Keyboard shortcuts"
                    title="Keyboard shortcuts (?)"
                    onClick={() => setHelping(true)}
                  >
                    <Keyboard class="size-4" aria-hidden="true" />
                  </Button>
                </span>
              </>
            }
          >
            <FilterBar filters={filters} />
            <Panel>
              <EventTable
                label="Event logs"
                filter={filters.filter()}
                first={50}
                endless
                paused={!live() || place.event !== undefined}
                compact={place.event !== undefined}
                openEvent={place.event}
                onOpen={open}
                rows={(given) => (rows = given)}
                onClear={filters.narrowed() ? filters.clear : undefined}
                empty={
                  <Empty title="No events yet">
                    Every event the apps of {organization().name} send appears here the moment it is accepted.
                  </Empty>
                }
              />
            </Panel>
          </Page>
        </div>
        <Show when={place.event}>
          {(event) => (
            <div class="sticky top-0 w-[46%] max-w-3xl min-w-136 shrink-0">
              <EventPlace href={href}>
                <EventSheet eventId={event()} onClose={close} />
              </EventPlace>
            </div>
          )}
        </Show>
      </div>
      <ShortcutsDialog open={helping()} onClose={() => setHelping(false)} />
    </Show>
  );
}
