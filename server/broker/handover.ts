import type { Pool } from 'pg';
import type { Clock, Timer } from '../clock.ts';
import { pause } from '../clock.ts';
import type { Log } from '../log.ts';
import { CatchUp, PAGE } from './catchUp.ts';
import type { Journal } from './journal.ts';
import type { AppLink } from './links.ts';
import { Peer } from './peer.ts';
import { PeersByEvent } from './peersByEvent.ts';
import { readOutcome, readOutcomesOf } from './sql/handover.ts';
import type { WaitingOutcome } from './sql/handover.ts';

/** A plain client is left this long to speak first: it reads the next frame as the answer to what it sent. */
const QUIET_MS = 2_000;
const RESEND_MS = 30_000;
const TICK_MS = 1_000;
/**
 * Brings committed outcomes to apps, at least once, and marks those that an app confirmed. Nothing but ids is kept
 * here: an outcome that has to be sent again is read from the database.
 */
export class Handover {
  private readonly peers = new Map<string, Set<Peer>>();
  /** The connections that sent an event and wait for its outcome. */
  private readonly askers = new PeersByEvent();
  /** Those that were sent an outcome which is not yet marked in the database: nobody else gets it unasked. */
  private readonly sent = new PeersByEvent();
  private readonly catchUp: CatchUp;
  private readonly timer: Timer;
  private readonly pool: Pool;
  private readonly journal: Journal;
  private readonly clock: Clock;
  private readonly log: Log;
  private readonly onHandedOver: (outcome: WaitingOutcome['event']) => void;

  constructor(
    deps: { pool: Pool; journal: Journal; clock: Clock; log: Log },
    onHandedOver: (event: WaitingOutcome['event']) => void,
  ) {
    this.pool = deps.pool;
    this.journal = deps.journal;
    this.clock = deps.clock;
    this.log = deps.log;
    this.onHandedOver = onHandedOver;
    this.catchUp = new CatchUp({
      ...deps,
      ready: (appId) => this.free(appId) !== null,
      deliver: (waiting) => this.hand(waiting),
    });
    this.timer = this.clock.every(TICK_MS, () => this.tick());
  }

  attach(link: AppLink): Peer {
    const peer = new Peer(link);
    if (!link.extended)
      peer.quiet = this.clock.after(QUIET_MS, () => {
        peer.quiet = null;
        this.catchUp.goOn(link.ownerId);
      });
    const peers = this.peers.get(link.ownerId) ?? new Set();
    this.peers.set(link.ownerId, peers.add(peer));
    this.catchUp.begin(link.ownerId);
    return peer;
  }

  detach(peer: Peer): void {
    const appId = peer.link.ownerId;
    const peers = this.peers.get(appId);
    peers?.delete(peer);
    peer.quiet?.cancel();
    if (peers?.size === 0) {
      this.peers.delete(appId);
      this.catchUp.end(appId);
    }
    for (const eventId of peer.waiting) this.askers.remove(eventId, peer);
    for (const eventId of peer.unconfirmed.keys()) this.sent.remove(eventId, peer);
    if (peer.unconfirmed.size > 0 && this.peers.has(appId)) this.catchUp.begin(appId);
  }

  /**
   * What is about to be over: messages of apps that are being answered, and outcomes that were sent and whose arrival the
   * connection itself confirms.
   */
  get unfinished(): number {
    let count = 0;
    for (const peers of this.peers.values()) {
      for (const peer of peers) count += peer.asking + (peer.link.acks ? 0 : peer.unconfirmed.size);
    }
    return count;
  }

  /** The connection that the event came from, the latest of several: an earlier one may be dead without a sign. */
  origin(eventId: string): AppLink | null {
    return this.askers.of(eventId).at(-1)?.link ?? null;
  }

  /** Whether this connection sent the event and waits for its outcome. */
  awaits(link: AppLink, eventId: string): boolean {
    return this.askers.of(eventId).some((peer) => peer.link === link);
  }

  /** The outcome of the event goes to this connection while it lives, whoever else sent the event. */
  expect(peer: Peer, eventId: string): void {
    if (!this.peers.get(peer.link.ownerId)?.has(peer)) return;
    this.askers.add(eventId, peer);
    peer.waitFor(eventId);
  }

  /** Takes a committed outcome to a connection, or leaves it in the database for the next one. */
  offer(waiting: WaitingOutcome): void {
    const { appId } = waiting.event;
    if (!this.hand(waiting) && this.peers.has(appId)) this.catchUp.begin(appId);
  }

  /** Nobody is to get this event's outcome any more: it ended without one, or is not meant for sockets. */
  forget(eventId: string): void {
    for (const peer of this.askers.of(eventId)) this.settled(peer, eventId);
  }

  /** Sends the outcome of an earlier event again, where there is one; else it will come to this connection. */
  async repeat(peer: Peer, eventId: string): Promise<void> {
    this.expect(peer, eventId);
    const waiting = await this.read(peer, eventId);
    // Meanwhile it may have been sent here, or the connection may have ended.
    if (!waiting || !peer.waiting.has(eventId)) return;
    this.deliver(peer, waiting, true);
    this.settled(peer, eventId);
  }

  /** Reads an outcome, again and again while the database is away and the connection waits for it. */
  private async read(peer: Peer, eventId: string): Promise<WaitingOutcome | null> {
    for (;;) {
      try {
        return await readOutcome(this.pool, eventId);
      } catch (error) {
        if (!peer.waiting.has(eventId)) return null;
        this.log.warn(
          { err: error, event: eventId },
          'an earlier outcome could not be read and is read again',
        );
        await pause(this.clock, TICK_MS);
      }
    }
  }

  /** The app says that it has processed this outcome. Counts for any connection of the app. */
  acknowledge(peer: Peer, eventId: string): void {
    for (const holder of this.sent.of(eventId)) {
      if (holder.link.ownerId === peer.link.ownerId) this.confirm(holder, [eventId]);
    }
  }

  close(): void {
    this.timer.cancel();
  }

  /** This connection waits for the event no more. */
  private settled(asker: Peer, eventId: string): void {
    this.askers.remove(eventId, asker);
    asker.waitNoMore(eventId);
    // A plain connection takes others' outcomes only once it has nothing of its own to wait for.
    if (asker.waiting.size === 0) this.catchUp.goOn(asker.link.ownerId);
  }

  /** Takes an outcome to those that sent the event, or to another that may have it; false when there is none. */
  private hand(waiting: WaitingOutcome): boolean {
    const { id, appId } = waiting.event;
    const askers = this.askers.of(id);
    for (const peer of askers) {
      this.deliver(peer, waiting, true);
      this.settled(peer, id);
    }
    if (askers.length > 0) return true;
    const peer = this.free(appId);
    if (peer) this.deliver(peer, waiting, false);
    return peer !== null;
  }

  /** @param asked whether the connection sent the event: it gets the outcome also when another one was sent it */
  private deliver(peer: Peer, { event, outcome }: WaitingOutcome, asked: boolean): void {
    if (this.sent.has(event.id) && !asked) return;
    this.sent.add(event.id, peer);
    peer.sent(event, this.clock.monotonic());
    peer.link.outcome(outcome);
    if (!peer.link.acks) this.probe(peer);
  }

  private probe(peer: Peer): void {
    if (peer.probing) return;
    peer.probing = true;
    const asked = [...peer.unconfirmed.keys()];
    peer.link.probe(() => {
      peer.probing = false;
      this.confirm(peer, asked);
      if (peer.unconfirmed.size > 0) this.probe(peer);
    });
  }

  private confirm(peer: Peer, eventIds: string[]): void {
    for (const eventId of eventIds) {
      const event = peer.confirmed(eventId);
      if (!event) continue;
      this.journal
        .handedOver(eventId, this.clock.now())
        .then(() => this.onHandedOver(event))
        .catch((error: unknown) =>
          this.log.error({ err: error, event: eventId }, 'a handover was not recorded'),
        )
        // Only now may the database be searched for this app without finding the event again.
        .finally(() => {
          // Meanwhile it may have been sent here again, which is to be confirmed too.
          if (!peer.unconfirmed.has(eventId)) this.sent.remove(eventId, peer);
          this.catchUp.marked(event.appId, eventId);
        });
    }
    if (peer.unconfirmed.size === 0) this.catchUp.goOn(peer.link.ownerId);
  }

  /** A connection that may get what other connections asked for. */
  private free(appId: string): Peer | null {
    let plain: Peer | null = null;
    for (const peer of this.peers.get(appId) ?? []) {
      // One that does not confirm what it has must not keep the rest from the others.
      if (peer.unconfirmed.size >= PAGE) continue;
      if (peer.link.extended) return peer;
      if (peer.waiting.size === 0 && peer.asking === 0 && peer.quiet === null) plain = peer;
    }
    return plain;
  }

  private tick(): void {
    this.catchUp.goOnAll();
    const before = this.clock.monotonic() - RESEND_MS;
    for (const peers of this.peers.values()) {
      for (const peer of peers) if (peer.link.acks) void this.resend(peer, before);
    }
  }

  /** Sends unacknowledged outcomes again, a page at a time. */
  private async resend(peer: Peer, before: number): Promise<void> {
    const overdue: string[] = [];
    for (const [eventId, entry] of peer.unconfirmed) {
      if (entry.sentAt > before || overdue.length === PAGE) break;
      overdue.push(eventId);
    }
    if (overdue.length === 0) return;
    for (const eventId of overdue) peer.touch(eventId, this.clock.monotonic());
    const page = await readOutcomesOf(this.pool, overdue).catch(() => []);
    for (const { event, outcome } of page) if (peer.unconfirmed.has(event.id)) peer.link.outcome(outcome);
  }
}
