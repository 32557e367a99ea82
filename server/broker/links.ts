/**
 * What the broker needs of an open socket. The sockets implement it; frames, buffers and close handshakes are theirs.
 * No method throws, and a method called on a link that has ended does nothing.
 */
interface Link {
  /** `con_…`, shown in timelines and on connections. */
  readonly id: string;
  readonly organizationId: string;
  /** Row ids of the app or agent and of the token it came with. */
  readonly ownerId: string;
  readonly tokenId: string;
  readonly address: string | null;
  /** The client's own name for itself (its User-Agent). */
  readonly client: string | null;
  /** Speaks `relay.v1`. */
  readonly extended: boolean;
  /** Ms since the epoch. */
  readonly connectedAt: number;
  notice(notice: Notice): void;
  close(code: number, reason: string): void;
}

export type Notice =
  { code: 'TOKEN_ROTATED'; message: string; expiresAt: number } | { code: 'DRAINING'; message: string };

export interface AppLink extends Link {
  readonly kind: 'app';
  /** The public App ID. */
  readonly slug: string;
  /** Opened with `?ack=1`: only an `ack` confirms an outcome. */
  readonly acks: boolean;
  accepted(frame: AcceptedFrame): void;
  /** One fragment of an answer, as a raw JSON string literal; the link numbers what it sends. */
  token(eventId: string, agentSlug: string, raw: string): void;
  restart(eventId: string, attempt: number): void;
  outcome(outcome: Outcome): void;
  refused(refusal: Refusal): void;
  /** Runs the callback once the peer has read everything sent so far; at most one probe is under way. */
  probe(confirmed: () => void): void;
}

export interface AgentLink extends Link {
  readonly kind: 'agent';
  event(event: EventFrame): void;
  recorded(eventId: string, status: 'delivered' | 'failed' | 'duplicate' | 'stale'): void;
  cancel(eventId: string): void;
}

export interface AcceptedFrame {
  eventId: string;
  agentSlug: string;
  threadId: string;
  idempotencyKey: string | null;
  duplicate: boolean;
}

/** An event's committed end on its way to the app. Raw texts are JSON as received. */
export interface Outcome {
  eventId: string;
  agentSlug: string;
  threadId: string;
  idempotencyKey: string | null;
  result:
    | { status: 'delivered'; rawContent: string; rawPayload: string; rawMetadata: string | null }
    | { status: 'failed'; code: string; message: string };
}

/** An event that did not become one. `eventId` is null where nothing was recorded. */
export interface Refusal {
  eventId: string | null;
  agentSlug: string | null;
  idempotencyKey: string | null;
  code: string;
  message: string;
  retryAfterMs?: number;
}

export interface EventFrame {
  eventId: string;
  appSlug: string;
  threadId: string;
  rawPayload: string;
  attempt: number;
  traceparent: string | null;
}
