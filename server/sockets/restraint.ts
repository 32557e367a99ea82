import type { Clock } from '../clock.ts';
import type { Connection } from './connection.ts';

/**
 * What one more refused event costs its app of the time in which it is read, ms: 1,000 a second are answered. Beyond some
 * eight connections of one app it is more, as each is heard at least every `LONGEST_MS`.
 */
const EACH_MS = 1;
/** So many at once cost nothing yet, in ms. */
const FREE_MS = 50;
/** No debt is longer: a connection has pongs and acks to send, too, and what others of its app did is soon over. */
const LONGEST_MS = 5_000;

/**
 * Slows down apps that go on sending what is refused for coming too fast. Each refusal costs about as much as an event,
 * and the time of one process is everybody's; what is not read stays with the sender, whose socket takes no more.
 */
export class Restraint {
  private readonly clock: Clock;
  /** By app, over all its connections: when it has paid for its refusals. */
  private readonly debts = new Map<string, number>();
  private readonly held = new Set<Connection>();

  constructor(clock: Clock) {
    this.clock = clock;
  }

  /** The connection's event was refused as one too many. */
  refused(connection: Connection): void {
    const now = this.clock.monotonic();
    const { ownerId } = connection.caller;
    const paid = Math.min(Math.max(this.debts.get(ownerId) ?? 0, now) + EACH_MS, now + LONGEST_MS);
    this.debts.set(ownerId, paid);
    if (paid - now <= FREE_MS || this.held.has(connection)) return;
    this.held.add(connection);
    connection.pause();
    // What was read together with this event is heard first, and adds to it.
    setImmediate(() => this.hold(connection));
  }

  private hold(connection: Connection): void {
    const { ownerId } = connection.caller;
    const left = () => (this.debts.get(ownerId) ?? 0) - this.clock.monotonic();
    this.clock.after(left(), () => {
      this.held.delete(connection);
      connection.resume();
      if (left() <= 0) this.debts.delete(ownerId);
    });
  }
}
