import type { Clock } from '../clock.ts';
import { Desk } from './desk.ts';
import type { AgentEntry } from './directory.ts';
import type { AgentLink } from './links.ts';
import { insertInOrder, sessionKey } from './pending.ts';
import type { Pending, Session } from './pending.ts';
import type { Window } from './window.ts';

/** What a home tells of an event's way; it decides nothing about outcomes itself. */
export interface HomeEvents {
  /** The event went to an agent connection. */
  dispatched(event: Pending, link: AgentLink): void;
  /** The attempt ended with its connection; `counted` when that was the agent's doing. */
  attemptLost(event: Pending, link: AgentLink, counted: boolean): void;
  /** No frame about the event for too long: it is to fail. */
  timedOut(event: Pending, link: AgentLink): void;
  /** The agent did not come in time: it is to fail. */
  expired(event: Pending): void;
  /** The attempt is over, for whatever reason. */
  released(event: Pending): void;
}

/** Sessions without events that still remember their connection; beyond it the longest idle are forgotten. */
const REMEMBERED_SESSIONS = 10_000;

/**
 * Where one agent's events are put in order and on their way: sessions, affinity, room on connections, and the
 * deadlines of attempts. All of it is memory that can be rebuilt from the pending rows.
 */
export class Home {
  agent: AgentEntry;
  readonly window: Window;
  private readonly clock: Clock;
  private readonly on: HomeEvents;
  private readonly events = new Map<string, Pending>();
  private readonly sessions = new Map<string, Session>();
  private readonly desks = new Map<AgentLink, Desk>();
  /** Sessions that any connection with room may take. */
  private readonly ready = new Set<Session>();
  /** Sessions kept back after a timeout. */
  private readonly held = new Set<Session>();
  private running = false;

  constructor(
    agent: AgentEntry,
    clock: Clock,
    on: HomeEvents,
    window: (take: (event: Pending) => void) => Window,
  ) {
    this.agent = agent;
    this.clock = clock;
    this.on = on;
    this.window = window((event) => this.add(event));
  }

  get online(): boolean {
    return this.desks.size > 0;
  }

  get idle(): boolean {
    return this.desks.size === 0 && this.empty && this.held.size === 0;
  }

  /** Whether nothing is pending that this home knows of. */
  get empty(): boolean {
    return this.events.size === 0 && this.window.waiting === 0;
  }

  get inFlight(): number {
    let count = 0;
    for (const desk of this.desks.values()) count += desk.inFlight.size;
    return count;
  }

  find(eventId: string): Pending | undefined {
    return this.events.get(eventId);
  }

  /** Takes a freshly recorded event. */
  enqueue(event: Pending): void {
    if (this.events.has(event.id) || !this.window.admits(event)) return;
    this.add(event);
  }

  /** Takes an event that was read from the database. */
  add(event: Pending): void {
    if (this.events.has(event.id)) return;
    this.events.set(event.id, event);
    this.window.added(event);
    const session = this.session(event);
    insertInOrder(session.queue, event);
    this.dispatch(session);
  }

  /** While stopped nothing is dispatched: the lease is not held, or the node drains. */
  run(running: boolean): void {
    if (this.running === running) return;
    this.running = running;
    if (running) for (const session of this.sessions.values()) this.dispatch(session);
  }

  attach(link: AgentLink): void {
    this.desks.set(link, new Desk());
    this.fill(link);
  }

  /** @param counted whether the attempts under way count as lost by the agent */
  detach(link: AgentLink, counted: boolean): void {
    const desk = this.desks.get(link);
    if (!desk) return;
    this.desks.delete(link);
    for (const event of desk.inFlight) {
      if (event.settling) continue;
      this.release(event);
      this.requeue(event);
      this.on.attemptLost(event, link, counted);
    }
    for (const session of desk.ready) this.dispatch(session);
    for (const event of desk.inFlight) this.dispatch(this.session(event));
  }

  /** The event has its outcome, or ended otherwise: the session goes on. */
  settled(event: Pending): void {
    this.window.over(event.id);
    // What was settled may be another reading of the same row, made before this home had it in memory.
    const known = this.events.get(event.id);
    if (!known) return;
    this.events.delete(known.id);
    const session = this.session(known);
    if (known.flight) this.release(known);
    else this.unqueue(session, known);
    this.next(session);
  }

  /** Keeps the session back after a timeout, so that a late answer is never taken for the next event's. */
  hold(event: Pending): void {
    const session = this.session(event);
    session.held = { eventId: event.id, until: this.clock.monotonic() + this.agent.timeoutMs };
    this.held.add(session);
  }

  /** The late answer of an event that had timed out came: its session need not wait any longer. */
  lateAnswer(eventId: string): boolean {
    for (const session of this.held) {
      if (session.held?.eventId !== eventId) continue;
      this.letGo(session);
      return true;
    }
    return false;
  }

  /** Looks at all deadlines; called a few times a second. */
  tick(): void {
    const now = this.clock.monotonic();
    for (const [link, desk] of this.desks) {
      for (const event of desk.inFlight) {
        if (!event.settling && this.overdue(event, now)) this.on.timedOut(event, link);
      }
    }
    for (const session of this.held) if (!session.held || session.held.until <= now) this.letGo(session);
    this.expire();
  }

  private letGo(session: Session): void {
    session.held = null;
    this.held.delete(session);
    this.next(session);
  }

  private overdue(event: Pending, now: number): boolean {
    const { flight, first } = event;
    if (!flight || !first) return false;
    return now - flight.seenAt >= this.agent.timeoutMs || now - first.monotonic >= this.agent.maxMs;
  }

  private expire(): void {
    const now = this.clock.now();
    for (const event of this.events.values()) {
      if (event.flight || event.settling) continue;
      // Waiting events are in the order of their acceptance, so the first that may stay ends the search.
      if (now - event.acceptedAt < this.agent.queueMs) return;
      this.on.expired(event);
    }
  }

  private dispatch(session: Session): void {
    const event = session.queue[0];
    if (!this.running || session.current || session.held || !event || event.settling) return;
    const bound = session.link ? this.desks.get(session.link) : undefined;
    if (session.link && bound) {
      if (bound.hasRoom(this.agent.maxInFlight)) this.send(session, event, session.link, bound);
      else bound.ready.add(session);
      return;
    }
    const free = this.leastBusy();
    if (free) this.send(session, event, ...free);
    else this.ready.add(session);
  }

  private leastBusy(): [AgentLink, Desk] | null {
    let best: [AgentLink, Desk] | null = null;
    for (const entry of this.desks) {
      if (!entry[1].hasRoom(this.agent.maxInFlight)) continue;
      if (!best || entry[1].inFlight.size < best[1].inFlight.size) best = entry;
    }
    return best;
  }

  private send(session: Session, event: Pending, link: AgentLink, desk: Desk): void {
    this.ready.delete(session);
    session.queue.shift();
    this.window.removed(event);
    session.link = link;
    session.current = event;
    event.attempt += 1;
    const now = this.clock.monotonic();
    event.first ??= { at: this.clock.now(), monotonic: now, connectionId: link.id };
    event.flight = { link, seenAt: now, parts: [], length: 0 };
    desk.take(event);
    this.on.dispatched(event, link);
  }

  /** Ends the attempt under way and gives its place on the connection to another session. */
  private release(event: Pending): void {
    const link = event.flight?.link;
    event.flight = null;
    const session = this.session(event);
    if (session.current === event) session.current = null;
    this.on.released(event);
    if (!link) return;
    this.desks.get(link)?.giveBack(event);
    this.fill(link);
  }

  private requeue(event: Pending): void {
    insertInOrder(this.session(event).queue, event);
    this.window.added(event);
  }

  private unqueue(session: Session, event: Pending): void {
    const index = session.queue.indexOf(event);
    if (index < 0) return;
    session.queue.splice(index, 1);
    this.window.removed(event);
  }

  private next(session: Session): void {
    if (session.queue.length > 0) this.dispatch(session);
    else if (!session.held && !session.current) this.remember(session);
  }

  /** Fills a connection's room: first the sessions that belong to it, then those that any may take. */
  private fill(link: AgentLink): void {
    const desk = this.desks.get(link);
    if (!desk || !this.running) return;
    for (const waiting of [desk.ready, this.ready]) {
      for (const session of waiting) {
        // A connection may end under what it is sent; nobody would then take what is put back into `waiting`.
        if (this.desks.get(link) !== desk || !desk.hasRoom(this.agent.maxInFlight)) return;
        waiting.delete(session);
        this.dispatch(session);
      }
    }
  }

  private session(event: Pending): Session {
    const key = sessionKey(event);
    let session = this.sessions.get(key);
    if (!session) {
      session = { key, queue: [], current: null, link: null, held: null };
      this.sessions.set(key, session);
    }
    return session;
  }

  /** An idle session is kept for its affinity, the most recent ones last. */
  private remember(session: Session): void {
    this.sessions.delete(session.key);
    this.sessions.set(session.key, session);
    if (this.sessions.size <= REMEMBERED_SESSIONS) return;
    for (const [key, old] of this.sessions) {
      if (old.queue.length > 0 || old.current || old.held) continue;
      this.sessions.delete(key);
      if (this.sessions.size <= REMEMBERED_SESSIONS) return;
    }
  }
}
