import type { AppLink } from './links.ts';
import type { WaitingOutcome } from './sql/handover.ts';

/** An app's connection as the broker sees it. */
export class Peer {
  readonly link: AppLink;
  /** Monotonic time at which it connected. */
  readonly since: number;
  /** Events it sent whose outcome it waits for. */
  readonly waiting = new Set<string>();
  /** Events it sent that are not recorded yet. */
  asking = 0;
  /** Outcomes it was sent and has not confirmed, oldest first. */
  readonly unconfirmed = new Map<string, { event: WaitingOutcome['event']; sentAt: number }>();
  /** A confirmation was asked for and has not come. */
  probing = false;

  constructor(link: AppLink, since: number) {
    this.link = link;
    this.since = since;
  }

  /** Notes that an outcome was sent again, which makes it the youngest. */
  touch(eventId: string, sentAt: number): void {
    const entry = this.unconfirmed.get(eventId);
    if (!entry) return;
    this.unconfirmed.delete(eventId);
    this.unconfirmed.set(eventId, { ...entry, sentAt });
  }
}
