import type { EventStatus, StepKind } from '../database/entities/event.ts';

/** An event about to be recorded. Times are ms since the epoch, texts raw JSON where the entity says so. */
export interface AcceptRecord {
  id: string;
  organizationId: string;
  appId: string;
  agentId: string | null;
  agentSlug: string;
  threadId: string;
  /** `pending`, or the final status of an event that ends here. */
  status: Exclude<EventStatus, 'delivered'>;
  origin: 'app' | 'dashboard';
  payload: string;
  traceparent: string | null;
  idempotencyKey: string | null;
  handOver: boolean;
  resendOf: string | null;
  acceptedAt: number;
  errorCode: string | null;
  errorText: string | null;
}

/** `duplicate` and `mismatch` name the first event under the same key; nothing was recorded then. */
export type AcceptResult =
  | { kind: 'recorded' }
  | { kind: 'duplicate'; eventId: string; rejection: { code: string; message: string } | null }
  | { kind: 'mismatch'; eventId: string };

/** The end of an event. */
export interface OutcomeRecord {
  eventId: string;
  status: 'delivered' | 'failed';
  settledAt: number;
  latencyMs: number | null;
  dispatchedAt: number | null;
  connectionId: string | null;
  firstTokenAt: number | null;
  attempts: number;
  replyContent: string | null;
  replyMetadata: string | null;
  errorCode: string | null;
  errorText: string | null;
  /** The key to release, where the failure is retryable. */
  release: { appId: string; key: string } | null;
}

export interface StepRecord {
  id: string;
  eventId: string;
  at: number;
  kind: StepKind;
  attempt: number | null;
  connectionId: string | null;
  detail: string | null;
  /** Attempts lost so far, where this step is a lost one: they count on after a restart. */
  attempts: number | null;
}
