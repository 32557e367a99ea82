import DataLoader from 'dataloader';
import type { Topics } from '../../bus/topics.ts';
import type { EventFilter } from '../../domain/history.ts';
import type { EventRow } from '../../domain/eventRow.ts';
import { bodyContains } from '../../domain/eventText.ts';
import { checkTexts, eventsById } from '../../domain/history.ts';
import type { Context, Parts, Reads } from '../context.ts';
import type { Loaders } from '../loaders.ts';
import { createLoaders } from '../loaders.ts';
import { createFeed } from './feed.ts';
import { SHARED } from './shared.ts';

type Changed = Topics['event.changed'];
type Unwanted = Topics['contents.unwanted'];
/** What subscribers are told of: one event, or all that an app has sent. */
type Told = Changed | Unwanted;

const isChange = (message: Told): message is Changed => 'status' in message;

/** Reads the event a message is about, once for all who watch: thousands of dashboards must not mean thousands of queries. */
export interface LiveEvents {
  read(message: Changed): Promise<EventRow | null>;
  /** An event as it is now, by its id: in one query for all who ask in the same moment. Not scoped. */
  present(eventId: string): Promise<EventRow | null>;
  /** One object for all who are told the same of it, so that it is resolved once; null when the event is gone. */
  change(message: Changed, left: boolean): Promise<EventChange | null>;
  /** What else subscribers of this message read of it. */
  shared(message: Told): Reads;
  /** Another one as soon as contents of this app that were read before are not to be told any more. */
  version(appId: string): number;
}

export function createLiveEvents(work: Parts['work']): LiveEvents {
  const { reader } = work();
  const owners = createOwners(work);
  // Not cached by id, since the row changes; what is told in one tick is read in one query.
  const loader = new DataLoader((ids: readonly string[]) => eventsById(reader, ids), { cache: false });
  // A message is one object for all its subscribers, and is forgotten with it.
  let known = nothingKnown();
  const versions = new Map<string, number>();
  const version = (appId: string): number => versions.get(appId) ?? 0;
  // Whoever comes late to a message, or waits for the rest of it, must not be told what has been deleted since.
  work().bus.subscribe('contents.unwanted', ({ appId }) => {
    known = nothingKnown();
    versions.set(appId, version(appId) + 1);
  });

  const present = (eventId: string) => loader.load(eventId);
  const read = (message: Changed) => remember(known.rows, message, () => present(message.eventId));

  function remember<M extends Told, T>(map: WeakMap<M, T>, message: M, make: () => T): T {
    const known = map.get(message);
    if (known !== undefined) return known;
    const made = make();
    map.set(message, made);
    return made;
  }

  return {
    read,
    present,
    version,
    change: (message, left) =>
      remember(left ? known.left : known.in, message, async () => {
        const event = await read(message);
        return event && { ready: true, event, left, [SHARED]: true };
      }),
    shared: (message) =>
      remember(known.reads, message, () => {
        const shared = work(message.organizationId, true);
        return { work: shared, loaders: { ...createLoaders(shared), ...owners() } };
      }),
  };
}

/** What is kept of each message while somebody has still to be told. */
const nothingKnown = () => ({
  rows: new WeakMap<Changed, Promise<EventRow | null>>(),
  reads: new WeakMap<Told, Reads>(),
  in: new WeakMap<Changed, Changing>(),
  left: new WeakMap<Changed, Changing>(),
});

/** How long an app or agent may be told as it was, should the bus not have said that it changed, milliseconds. */
const OWNERS_MS = 1_000;

/** Event after event is of the same few apps and agents: they are read again when one has changed, and each second. */
function createOwners(work: Parts['work']): () => Pick<Loaders, 'app' | 'agent'> {
  const { bus, clock } = work();
  let known: Pick<Loaders, 'app' | 'agent'> | null = null;
  let readAt = 0;
  const forget = () => (known = null);
  bus.subscribe('directory.changed', forget);
  bus.subscribe('presence.changed', forget);
  bus.subscribe('credential.changed', forget);
  return () => {
    if (known && clock.monotonic() - readAt < OWNERS_MS) return known;
    const { app, agent } = createLoaders(work());
    readAt = clock.monotonic();
    return (known = { app, agent });
  };
}

type Changing = Promise<EventChange | null>;

/**
 * `ready`: without an event, and nothing is missed from here on; what was read before is to be read again. `left`: the event no
 * longer meets the filter.
 */
export interface EventChange {
  ready: boolean;
  event: EventRow | null;
  left: boolean;
}

function inScope(message: Changed, filter: EventFilter): boolean {
  const { appId, agentId, threadId, from, to } = filter;
  return (
    (appId == null || message.appId === appId) &&
    (agentId == null || message.agentId === agentId) &&
    (threadId == null || message.threadId === threadId) &&
    (from == null || message.acceptedAt >= from.getTime()) &&
    (to == null || message.acceptedAt < to.getTime())
  );
}

/**
 * Whether an event is in a filter, has just left it, or was never in it. Status and code change once, when an event
 * ends; before that it was pending and had no code. A code that changes again is told with the one before. So this needs no
 * memory of what was sent.
 */
export function standing(message: Changed, filter: EventFilter): 'in' | 'left' | 'out' {
  if (!inScope(message, filter)) return 'out';
  const statusFits = filter.status == null || filter.status.includes(message.status);
  const codeFits = filter.code == null || filter.code === message.errorCode;
  if (statusFits && codeFits) return 'in';
  if (statusFits && message.formerCode != null && message.formerCode === filter.code) return 'left';
  const wasIn = filter.code == null && (filter.status == null || filter.status.includes('pending'));
  return wasIn && message.status !== 'pending' ? 'left' : 'out';
}

/** Whether what is told under a filter may hold events of an app. */
function mayHold({ organizationId, filter }: { organizationId: string; filter: EventFilter }, app: Unwanted) {
  return app.organizationId === organizationId && (filter.appId == null || filter.appId === app.appId);
}

const ready = (): EventChange => ({ ready: true, event: null, left: false });

/** Remembered departures, so that what happens to an ended event later does not tell of it twice. */
const LEFT_MAX = 10_000;

export function watchEvents(
  context: Context,
  organizationId: string,
  filter: EventFilter,
): AsyncIterableIterator<EventChange> {
  checkTexts(filter);
  const { liveEvents } = context.parts;
  const left = new Set<string>();

  function departs(eventId: string): boolean {
    if (left.has(eventId)) return false;
    if (left.size >= LEFT_MAX) left.clear();
    left.add(eventId);
    return true;
  }

  /** The body is read once for all who search, and after all that needs no reading. */
  async function contains(message: Changed, text: string): Promise<boolean> {
    return bodyContains(await liveEvents.shared(message).loaders.body.load(message.eventId), text);
  }

  return createFeed<Told, EventChange>(context, organizationId, {
    subscribe: (push) => [
      context.work.bus.subscribe('event.changed', (message) => {
        if (message.organizationId !== organizationId) return;
        const where = standing(message, filter);
        if (where === 'in' || (where === 'left' && departs(message.eventId))) push(message);
      }),
      // What became of each of its events nobody knows by heart: whoever shows some of them reads them again.
      context.work.bus.subscribe('contents.unwanted', (message) => {
        if (message.eventId === null && mayHold({ organizationId, filter }, message)) push(message);
      }),
    ],
    initial: async () => [ready()],
    shared: (message) => liveEvents.shared(message),
    version: ({ appId }) => liveEvents.version(appId),
    each: async (message) => {
      if (!isChange(message)) return ready();
      if (filter.text && !(await contains(message, filter.text))) return null;
      const leaves = standing(message, filter) === 'left';
      // A code that went with what the event carried is not even found.
      if (!leaves && filter.code && (await liveEvents.read(message))?.errorCode !== filter.code) return null;
      return liveEvents.change(message, leaves);
    },
  });
}
