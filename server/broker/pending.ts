import type { AgentLink, AppLink } from './links.ts';

/** An event without an outcome, as its agent's home holds it. */
export interface Pending {
  readonly id: string;
  readonly organizationId: string;
  readonly appId: string;
  readonly appSlug: string;
  readonly agentId: string;
  readonly agentSlug: string;
  readonly threadId: string;
  readonly rawPayload: string;
  readonly traceparent: string | null;
  readonly idempotencyKey: string | null;
  readonly handOver: boolean;
  /** Wall clock, ms. */
  readonly acceptedAt: number;
  /** Times it was dispatched, as this node knows; the agent sees it as `attempt`. */
  attempt: number;
  /** Attempts that ended with the agent's connection. */
  lost: number;
  /** The first dispatch: wall clock, monotonic clock and connection. */
  first: { at: number; monotonic: number; connectionId: string } | null;
  /** Wall clock of the first token of any attempt. */
  firstTokenAt: number | null;
  /** The attempt under way. */
  flight: Flight | null;
  /** An outcome is being committed: nothing else may happen to the event. */
  settling: boolean;
}

export interface Flight {
  readonly link: AgentLink;
  /** Monotonic time of the dispatch or the last frame about this event. */
  seenAt: number;
  /** What has streamed so far, decoded, for people who begin to watch late. */
  parts: string[];
  length: number;
  /** The app's connection that was there for the first fragment, if any: the only one that hears this attempt. */
  listener?: AppLink | null;
}

/** Text kept for late watchers of one event, UTF-16 units; what streams beyond it is forwarded but not kept. */
const KEPT_TEXT = 262_144;

export function keepToken(flight: Flight, token: string): void {
  if (flight.length >= KEPT_TEXT) return;
  const kept = token.slice(0, KEPT_TEXT - flight.length);
  flight.parts.push(kept);
  flight.length += kept.length;
}

/** Events of one session (agent, app, thread): one at a time, in the order they were accepted. */
export interface Session {
  readonly key: string;
  /** Waiting, ordered by id. */
  readonly queue: Pending[];
  current: Pending | null;
  /** The connection it stays with while that lives. */
  link: AgentLink | null;
  /** After a timeout: the event whose late answer is waited for, and until when (monotonic). */
  held: { eventId: string; until: number } | null;
}

export function sessionKey(event: { appId: string; threadId: string }): string {
  return `${event.appId}:${event.threadId}`;
}

/** Inserts by id. Events come in order except for a few that were read from the database or offered again. */
export function insertInOrder(queue: Pending[], event: Pending): void {
  let at = queue.length;
  while (at > 0 && (queue[at - 1] as Pending).id > event.id) at -= 1;
  queue.splice(at, 0, event);
}
