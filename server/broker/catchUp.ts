import type { Pool } from 'pg';
import type { Clock } from '../clock.ts';
import { Inquiries } from '../database/inquiries.ts';
import { KEPT_MS } from '../domain/contentRules.ts';
import type { Log } from '../log.ts';
import { readAppsWithOutcomes, readOutcomes } from './sql/handover.ts';
import type { WaitingOutcome } from './sql/handover.ts';

/** Outcomes sent at a time to a connection that is catching up. */
export const PAGE = 50;

/** One app's outcomes that found no connection: where the search in the database goes on. */
interface Search {
  after: string;
  reading: boolean;
  /** Asked, while a page was read, to look from the start. */
  again: boolean;
  /** Marked as handed over while a page was read, which may have been read before the mark. */
  marked: Set<string>;
}

export interface CatchUpOptions {
  pool: Pool;
  clock: Clock;
  log: Log;
  /** Whether the app has a connection that may get outcomes others asked for. */
  ready(appId: string): boolean;
  /** Takes one outcome to a connection; false when none may have it now. */
  deliver(waiting: WaitingOutcome): boolean;
}

/** Brings apps the outcomes that wait for them in the database, a page at a time, oldest first. */
export class CatchUp {
  private readonly options: CatchUpOptions;
  private readonly searches = new Map<string, Search>();
  /** Most apps that connect have nothing waiting: that is asked for many at once. */
  private readonly withOutcomes: Inquiries<true>;

  constructor(options: CatchUpOptions) {
    this.options = options;
    this.withOutcomes = new Inquiries(options.clock, async (appIds) => {
      const found = await readAppsWithOutcomes(options.pool, appIds, this.since());
      return new Map(found.map((appId) => [appId, true]));
    });
  }

  /** There may be outcomes that nobody has: looks from the oldest. */
  begin(appId: string): void {
    const search = this.searches.get(appId) ?? { after: '', reading: false, again: false, marked: new Set() };
    search.after = '';
    search.again = search.reading;
    this.searches.set(appId, search);
    this.goOn(appId);
  }

  /** A connection may have become free: goes on where a search stopped. */
  goOn(appId: string): void {
    const search = this.searches.get(appId);
    if (search && !search.reading && this.options.ready(appId)) void this.page(appId, search);
  }

  goOnAll(): void {
    for (const appId of this.searches.keys()) this.goOn(appId);
  }

  /** The app has no connection any more. */
  end(appId: string): void {
    this.searches.delete(appId);
  }

  /** This outcome is marked as handed over: a page that is being read may show it as waiting all the same. */
  marked(appId: string, eventId: string): void {
    const search = this.searches.get(appId);
    if (search?.reading) search.marked.add(eventId);
  }

  private async page(appId: string, search: Search): Promise<void> {
    const { pool, log } = this.options;
    search.reading = true;
    search.marked.clear();
    try {
      const any = search.after !== '' || (await this.withOutcomes.find(appId));
      const page = any ? await readOutcomes(pool, appId, search.after, this.since(), PAGE) : [];
      // Whoever it was begun for is gone; another connection has a search of its own, which may know of more.
      if (this.searches.get(appId) !== search) return;
      for (const waiting of page) {
        if (!search.marked.has(waiting.event.id) && !this.options.deliver(waiting)) search.again = true;
      }
      this.passed(appId, search, page);
    } catch (error) {
      log.warn({ err: error }, 'waiting outcomes could not be read and are read again');
    } finally {
      search.reading = false;
    }
  }

  private since(): Date {
    return new Date(this.options.clock.now() - KEPT_MS);
  }

  private passed(appId: string, search: Search, page: WaitingOutcome[]): void {
    if (search.again) {
      search.again = false;
      search.after = '';
    } else if (page.length < PAGE) this.searches.delete(appId);
    else search.after = page.at(-1)?.event.id ?? '';
  }
}
