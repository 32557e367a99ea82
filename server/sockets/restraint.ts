import type { Clock } from '../clock.ts';
import type { Connection } from './connection.ts';

/** What one more refused event costs its app of the time in which it is heard, ms: 1,000 a second are answered. */
const EACH_MS = 1;
/** So many at once cost nothing yet, in ms. */
const FREE_MS = 50;
/** No debt is longer, though events that waited for the directory are refused in their thousands. */
const LONGEST_MS = 5_000;
/** Messages that a connection is heard of in its turn. */
const TURN = 20;

/** An app that was refused too much, over all its connections. */
interface Debt {
  /** When it has paid for its refusals. */
  paidAt: number;
  /** Those that wait, in the order of their turns. */
  readonly held: Set<Connection>;
}

/**
 * Slows down apps that go on sending what is refused for coming too fast. Each refusal costs about as much as an event,
 * and the time of one process is everybody's; what is not read stays with the sender, whose socket takes no more.
 *
 * Held connections of one app are heard in turn, a few messages whenever the debt is paid: so the bound holds however many
 * there are, and with a thousand each still has its turn every 20 s, in time for heartbeats. The price: pongs and acks come
 * no sooner than what was sent before them, and a connection that sent one event too many waits its turn among the others.
 */
export class Restraint {
  private readonly clock: Clock;
  private readonly debts = new Map<string, Debt>();

  constructor(clock: Clock) {
    this.clock = clock;
  }

  /** The connection's event was refused as one too many. */
  refused(connection: Connection): void {
    const debt = this.debtOf(connection.caller.ownerId);
    const now = this.clock.monotonic();
    debt.paidAt = Math.min(Math.max(debt.paidAt, now) + EACH_MS, now + LONGEST_MS);
    if (debt.paidAt - now <= FREE_MS || connection.held) return;
    connection.hold();
    debt.held.add(connection);
  }

  private debtOf(appId: string): Debt {
    const known = this.debts.get(appId);
    if (known) return known;
    const debt = { paidAt: 0, held: new Set<Connection>() };
    this.debts.set(appId, debt);
    this.wait(EACH_MS, appId, debt);
    return debt;
  }

  private wait(ms: number, appId: string, debt: Debt): void {
    const left = () => debt.paidAt - this.clock.monotonic();
    this.clock.after(ms, () => {
      if (left() <= 0) hearNext(debt);
      if (left() > 0 || debt.held.size > 0) this.wait(left(), appId, debt);
      else this.debts.delete(appId);
    });
  }
}

/** One more turn; whoever has not said all goes to the end of the line. */
function hearNext({ held }: Debt): void {
  const [connection] = held;
  if (!connection) return;
  held.delete(connection);
  connection.hearSome(TURN);
  if (connection.held) held.add(connection);
}
