import type { Pending, Session } from './pending.ts';

/**
 * Payload text in flight on one connection, UTF-16 units: a backlog that is dispatched at once must not cut its agent
 * off for leaving too much unread (8 MiB). The protocol's 64 events of the largest size fit.
 */
const MOST_TEXT = 6_291_456;

/** What one agent connection has in hand, and how much more it may take. */
export class Desk {
  readonly inFlight = new Set<Pending>();
  /** Sessions bound to this connection that wait for room on it. */
  readonly ready = new Set<Session>();
  private text = 0;

  take(event: Pending): void {
    this.inFlight.add(event);
    this.text += event.rawPayload.length;
  }

  giveBack(event: Pending): void {
    if (this.inFlight.delete(event)) this.text -= event.rawPayload.length;
  }

  hasRoom(maxInFlight: number): boolean {
    return this.inFlight.size < maxInFlight && this.text < MOST_TEXT;
  }
}
