import type { Timer } from '../clock.ts';
import type { AppLink } from './links.ts';
import type { WaitingOutcome } from './sql/handover.ts';

interface Unconfirmed {
  event: WaitingOutcome['event'];
  sentAt: number;
}

const NO_EVENTS: ReadonlySet<string> = new Set();
const NO_OUTCOMES: ReadonlyMap<string, Unconfirmed> = new Map();

/** An app's connection as the broker sees it. Most are idle, so each begins with the empty sets of all. */
export class Peer {
  readonly link: AppLink;
  /** Set while a plain client that has just connected is left to speak first. */
  quiet: Timer | null = null;
  /** What it sent that is not answered yet: events that are not recorded, and questions. */
  asking = 0;
  /** A confirmation was asked for and has not come. */
  probing = false;
  private events: Set<string> | null = null;
  private outcomes: Map<string, Unconfirmed> | null = null;

  constructor(link: AppLink) {
    this.link = link;
  }

  /** Events it sent whose outcome it waits for. */
  get waiting(): ReadonlySet<string> {
    return this.events ?? NO_EVENTS;
  }

  /** Outcomes it was sent and has not confirmed, oldest first. */
  get unconfirmed(): ReadonlyMap<string, Unconfirmed> {
    return this.outcomes ?? NO_OUTCOMES;
  }

  waitFor(eventId: string): void {
    (this.events ??= new Set()).add(eventId);
  }

  waitNoMore(eventId: string): void {
    this.events?.delete(eventId);
  }

  sent(event: WaitingOutcome['event'], sentAt: number): void {
    (this.outcomes ??= new Map()).set(event.id, { event, sentAt });
  }

  /** Takes the outcome from those that are unconfirmed; null when it is not one of them. */
  confirmed(eventId: string): WaitingOutcome['event'] | null {
    const entry = this.outcomes?.get(eventId);
    this.outcomes?.delete(eventId);
    return entry?.event ?? null;
  }

  /** Notes that an outcome was sent again, which makes it the youngest. */
  touch(eventId: string, sentAt: number): void {
    const event = this.confirmed(eventId);
    if (event) this.sent(event, sentAt);
  }
}
