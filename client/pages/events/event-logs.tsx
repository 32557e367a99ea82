import { Navigate } from '@solidjs/router';
import Keyboard from 'lucide-solid/icons/keyboard';
import { Show, createSignal } from 'solid-js';
import { exportList } from '../../api/export.ts';
import { useOrganization } from '../../api/session.tsx';
import { eventFormats } from '../../format/event-export.ts';
import { Button } from '../../ui/button.tsx';
import { useKeys } from '../../ui/keys.ts';
import { Page, Panel } from '../../ui/page.tsx';
import { Empty } from '../../ui/states.tsx';
import { ExportButton } from '../export/export-button.tsx';
import { useEventFilters } from './event-filters.ts';
import { EventPlace } from './event-place.tsx';
import { EventSheet } from './event-sheet.tsx';
import type { EventRows } from './event-table.tsx';
import { EventTable } from './event-table.tsx';
import { eventPages } from './export-pages.ts';
import { FilterBar } from './filter-bar.tsx';
import { LiveToggle } from './live-toggle.tsx';
import { createLogsPlace } from './logs-place.ts';
import { ShortcutsDialog } from './shortcuts-dialog.tsx';

type Place = ReturnType<typeof createLogsPlace>;

export default function EventLogs() {
  const organization = useOrganization();
  const place = createLogsPlace();
  const [helping, setHelping] = createSignal(false);
  return (
    <Show
      when={place.roomForBoth() || !place.event()}
      fallback={<Navigate href={`/${organization().slug}/events/${place.event() ?? ''}`} />}
    >
      <div class="flex items-start">
        <div class="min-w-0 flex-1">
          <Logs place={place} onHelp={() => setHelping(true)} />
        </div>
        <Show when={place.event()}>
          {(event) => (
            <div class="sticky top-0 w-[46%] max-w-3xl min-w-136 shrink-0">
              <EventPlace href={place.href}>
                <EventSheet eventId={event()} onClose={place.close} />
              </EventPlace>
            </div>
          )}
        </Show>
      </div>
      <ShortcutsDialog open={helping()} onClose={() => setHelping(false)} />
    </Show>
  );
}

function Logs(props: { place: Place; onHelp: () => void }) {
  const organization = useOrganization();
  const filters = useEventFilters();
  let rows: EventRows | undefined;
  useKeys({
    j: () => rows?.move(1),
    k: () => rows?.move(-1),
    '/': () => document.querySelector<HTMLElement>('[aria-keyshortcuts="/"]')?.focus(),
    '?': () => props.onHelp(),
    l: () => props.place.setLive(!props.place.live()),
    Escape: () => props.place.close(),
  });
  return (
    <Page
      title="Event logs"
      wide
      actions={<Actions place={props.place} filters={filters} onHelp={() => props.onHelp()} />}
    >
      <FilterBar filters={filters} />
      <Panel>
        <EventTable
          label="Event logs"
          filter={filters.filter()}
          first={50}
          endless
          paused={!props.place.live() || props.place.event() !== undefined}
          compact={props.place.event() !== undefined}
          openEvent={props.place.event()}
          onOpen={props.place.open}
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
  );
}

interface ActionsProps {
  place: Place;
  filters: ReturnType<typeof useEventFilters>;
  onHelp: () => void;
}

function Actions(props: ActionsProps) {
  const organization = useOrganization();
  return (
    <>
      <LiveToggle on={props.place.live()} onChange={props.place.setLive} />
      <ExportButton
        what="events"
        one="event"
        file={`${organization().slug}-events`}
        narrowed={props.filters.narrowed()}
        extra="With payloads and replies"
        run={(format, bodies, onRows, signal) =>
          exportList(
            eventPages(organization().slug, props.filters.filter(), bodies),
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
          onClick={() => props.onHelp()}
        >
          <Keyboard class="size-4" aria-hidden="true" />
        </Button>
      </span>
    </>
  );
}
