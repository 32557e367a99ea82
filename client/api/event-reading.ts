import { createRequest } from '@urql/core';
import { batch, createSignal, onCleanup } from 'solid-js';
import type { EventList, ListChange } from '../live/event-list.ts';
import { direct } from './client.ts';
import type { EventFilter, EventRowFragment } from './generated/graphql.ts';
import { EventsDocument } from './generated/graphql.ts';
import { noticeUnauthenticated, problemText } from './problem.ts';
import { createPersistence } from './staleness.ts';

/** The API's own limit. */
const PAGE_MAX = 100;

export type ListedEvent = EventRowFragment & { cursor: string };

/** Whose events, and how many of them at first. */
export interface Source {
  org: string;
  organizationId: string;
  filter: EventFilter;
  first: number;
}

type End = 'older-page' | 'newer-page';

/** Which rows of the list are asked for: its beginning, or those beyond one of its ends. */
type Part = 'first-page' | End;

export type PageRead = Extract<ListChange<ListedEvent>, { kind: Part }>;

/** What is asked for, and of whom. */
interface Question {
  from: Source;
  part: Part;
  list: EventList<ListedEvent>;
  /** Number of rows, to be read page by page. */
  wanted: number;
}

interface Range {
  first?: number;
  after?: string | null;
  last?: number;
  before?: string | null;
}

function rangeOf({ part, list, from }: Question): Range {
  if (part === 'older-page') return { first: PAGE_MAX, after: list.older };
  if (part === 'newer-page') return { last: PAGE_MAX, before: list.newer };
  return { first: from.first };
}

/** Comes with nothing when a question is given up. */
const aborted = (signal: AbortSignal): Promise<undefined> =>
  new Promise((resolve) => signal.addEventListener('abort', () => resolve(undefined), { once: true }));

/** As many rows as are wanted, or the problem; undefined when nobody waits for them any more. */
async function read(question: Question, signal: AbortSignal): Promise<PageRead | string | undefined> {
  const { from, part, wanted } = question;
  const rows: ListedEvent[] = [];
  let range = rangeOf(question);
  for (;;) {
    const request = createRequest(EventsDocument, { org: from.org, filter: from.filter, ...range });
    const { data, error } = await direct.executeQuery(request).toPromise();
    if (signal.aborted) return undefined;
    noticeUnauthenticated(error);
    const events = data?.organization?.events;
    if (!events) return problemText(error);
    rows.push(...events.edges.map(({ node, cursor }) => ({ ...node, cursor })));
    const { hasNextPage, hasPreviousPage } = events.pageInfo;
    const hasMore = part === 'newer-page' ? hasPreviousPage : hasNextPage;
    if (!hasMore || rows.length >= wanted) return { kind: part, rows, hasMore };
    range = { first: PAGE_MAX, after: rows.at(-1)?.cursor ?? null };
  }
}

interface Reader {
  source(): Source | undefined;
  list(): EventList<ListedEvent>;
  /** Number of rows that are looked at, and stay when the list is read anew. */
  reach(): number;
  /** The beginning is asked for: what comes from now on may not be in the answer. */
  asked(): void;
  take(page: PageRead): void;
}

/**
 * Reads the parts of a list when they are asked for, and knows which of them did not come. A beginning that is shown and could
 * not be read anew is asked for until it comes.
 */
export function createReading(reader: Reader) {
  const [status, setStatus] = createSignal<'loading' | 'ready' | 'failed'>('loading');
  /** Why a part is not there, a sentence. */
  const [failed, setFailed] = createSignal<{ [part in Part]?: string }>({});
  /** Aborted when the list is not what was asked about any more: what is under way is for nobody then. */
  let current = new AbortController();
  const outdate = (): void => {
    current.abort();
    current = new AbortController();
  };
  let begun = false;
  const persistence = createPersistence(() => void ask('first-page'));

  const come = (page: PageRead): void => {
    if (page.kind === 'first-page') {
      outdate();
      setFailed({});
      persistence.succeeded();
    }
    begun = true;
    reader.take(page);
    setStatus('ready');
  };
  const fail = (part: Part, problem: string): void => {
    if (part === 'first-page' && begun) return persistence.failed(problem);
    setFailed((before) => ({ ...before, [part]: problem }));
    if (!begun) setStatus('failed');
  };
  const ask = async (part: Part): Promise<void> => {
    const from = reader.source();
    if (!from) return;
    if (part === 'first-page') {
      persistence.pause();
      reader.asked();
      outdate();
    }
    const { signal } = current;
    const wanted = part === 'first-page' && begun ? reader.reach() : 0;
    const reading = read({ from, part, list: reader.list(), wanted }, signal);
    const answer = await Promise.race([reading, aborted(signal)]);
    if (answer !== undefined) batch(() => (typeof answer === 'string' ? fail(part, answer) : come(answer)));
  };
  /** Asks for the first page, with nothing to show meanwhile. */
  const reload = (): void => {
    begun = false;
    persistence.succeeded();
    setStatus('loading');
    void ask('first-page');
  };
  onCleanup(() => current.abort());

  return {
    status,
    /** Whether the first page is there. */
    begun: () => begun,
    failed,
    forgive: (part: Part) => setFailed(({ [part]: _, ...others }) => others),
    ask,
    /** Begins with nothing; what is under way is for nobody. */
    restart: (): void => {
      outdate();
      setFailed({});
      reload();
    },
    reload,
  };
}

/** What lies beyond the ends of the list; one of them is read at a time. */
export function createEnds(reading: ReturnType<typeof createReading>, list: Reader['list']) {
  const [loading, setLoading] = createSignal<End>();
  const more = async (part: End): Promise<void> => {
    if (loading()) return;
    batch(() => {
      setLoading(part);
      reading.forgive(part);
    });
    await reading.ask(part);
    setLoading(undefined);
  };
  const end = (part: End, side: 'older' | 'newer') => ({
    hasMore: () => list()[side] !== null,
    loadingMore: () => loading() === part,
    moreProblem: () => reading.failed()[part],
    more: () => void more(part),
  });
  return { older: end('older-page', 'older'), newer: end('newer-page', 'newer') };
}
