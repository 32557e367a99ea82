import type { Pending } from './pending.ts';

/** Most events, and most bytes of their payloads (UTF-16 units), that one home keeps waiting in memory. */
const MOST_EVENTS = 2_048;
const MOST_TEXT = 16_777_216;
const PAGE = 512;

export interface BacklogReader {
  page(after: string, limit: number): Promise<Pending[]>;
  count(after: string): Promise<number>;
}

/**
 * The part of an agent's backlog that is in memory. What does not fit stays in the database and is read on by id
 * when there is room, so that a long backlog costs no memory and is still dispatched in order.
 */
export class Window {
  /** Waiting in memory. */
  private events = 0;
  private text = 0;
  /** Everything pending up to here is, or was, in memory; null while nothing was left out. */
  private cursor: string | null = '';
  /** The newest event that was left out, and about how many were. */
  private newestLeftOut = '';
  private leftOut = 0;
  private newest = '';
  private reading = false;
  /** Ended while something is read: a page may be older than their end. */
  private readonly ended = new Set<string>();
  /** Counts restarts, which overtake a page that is being read. */
  private generation = 0;
  private readonly reader: BacklogReader;
  private readonly take: (event: Pending) => void;

  constructor(reader: BacklogReader, take: (event: Pending) => void) {
    this.reader = reader;
    this.take = take;
  }

  /** Events waiting in memory or in the database. */
  get waiting(): number {
    return this.events + this.leftOut;
  }

  /** Whether a freshly recorded event is to be kept in memory; else it is read from the database in its turn. */
  admits(event: Pending): boolean {
    if (this.cursor === null && (this.events >= MOST_EVENTS || this.text >= MOST_TEXT))
      this.cursor = this.newest;
    if (this.cursor !== null && event.id > this.cursor) {
      if (event.id > this.newestLeftOut) this.newestLeftOut = event.id;
      this.leftOut += 1;
      return false;
    }
    return true;
  }

  added(event: Pending): void {
    this.events += 1;
    this.text += event.rawPayload.length;
    if (event.id > this.newest) this.newest = event.id;
  }

  removed(event: Pending): void {
    this.events -= 1;
    this.text -= event.rawPayload.length;
  }

  /** The event needs no dispatch any more. */
  over(eventId: string): void {
    if (this.reading) this.ended.add(eventId);
  }

  /** Begins anew at the oldest pending event, as a home does when it takes over. */
  restart(): void {
    this.cursor = '';
    this.newestLeftOut = '';
    this.generation += 1;
  }

  /** Reads on until there is no room or nothing more. Rejects when the database does; call again then. */
  async readOn(): Promise<void> {
    if (this.reading) return;
    this.reading = true;
    try {
      if (this.cursor === '') this.leftOut = await this.reader.count('');
      while (this.cursor !== null && this.events < MOST_EVENTS / 2 && this.text < MOST_TEXT / 2) {
        await this.readPage(this.cursor);
      }
    } finally {
      this.reading = false;
      this.ended.clear();
    }
  }

  private async readPage(after: string): Promise<void> {
    const { generation, newestLeftOut } = this;
    const page = await this.reader.page(after, PAGE);
    // Begun anew meanwhile: what this page says about the end no longer counts, its events are read again.
    if (generation !== this.generation) return;
    for (const event of page) if (!this.ended.has(event.id)) this.take(event);
    this.leftOut = Math.max(0, this.leftOut - page.length);
    const last = page.at(-1)?.id ?? after;
    this.cursor = last;
    if (page.length === PAGE) return;
    // A short page is the end, unless an event behind it was left out while it was read: the page may be older than
    // that event's commit, and an event that is neither here nor in memory would wait for ever.
    if (this.newestLeftOut === newestLeftOut || this.newestLeftOut <= last) {
      this.cursor = null;
      this.leftOut = 0;
    }
  }
}
