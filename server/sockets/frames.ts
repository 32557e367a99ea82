import { isRetryable } from '../domain/codes.ts';
import type { AcceptedFrame, EventFrame, Notice, Outcome, Refusal } from '../broker/links.ts';
import { appSessionKey } from '../domain/eventForm.ts';
import { scanObject } from './payload.ts';

/** The frames of the wire protocol. Raw JSON goes in as it is: what was sent is what is forwarded, byte for byte. */

export function acceptedFrame(frame: AcceptedFrame, appSlug: string): string {
  return JSON.stringify({
    type: 'accepted',
    event_id: frame.eventId,
    agent_id: frame.agentSlug,
    session_key: appSessionKey(frame.agentSlug, appSlug, frame.threadId),
    status: 'accepted',
    ...(frame.idempotencyKey === null ? {} : { idempotency_key: frame.idempotencyKey }),
    ...(frame.duplicate ? { duplicate: true } : {}),
  });
}

/** @param inner the inside of a raw JSON string literal, possibly of several joined fragments */
export function tokenFrame(eventId: string, agentSlug: string, inner: string, seq: number): string {
  return `{"type":"token","event_id":"${eventId}","agent_id":"${agentSlug}","token":"${inner}","seq":${seq}}`;
}

export function restartFrame(eventId: string, attempt: number): string {
  return `{"type":"restart","event_id":"${eventId}","attempt":${attempt}}`;
}

export function outcomeFrame(outcome: Outcome, appSlug: string): string {
  const { eventId, agentSlug, threadId, idempotencyKey, result } = outcome;
  if (result.status === 'failed') {
    return refusedFrame({ eventId, agentSlug, idempotencyKey, code: result.code, message: result.message });
  }
  const metadata = metadataOf(result.rawMetadata, appSessionKey(agentSlug, appSlug, threadId));
  return (
    `{"type":"reply","event_id":"${eventId}","agent_id":"${agentSlug}","thread_id":${JSON.stringify(threadId)},` +
    `"reply":${result.rawContent},"payload":${result.rawPayload},"metadata":${metadata}}`
  );
}

export function refusedFrame(refusal: Refusal): string {
  return JSON.stringify({
    type: 'error',
    event_id: refusal.eventId,
    agent_id: refusal.agentSlug,
    error: refusal.message,
    code: refusal.code,
    retryable: isRetryable(refusal.code),
    ...(refusal.retryAfterMs === undefined ? {} : { retry_after_ms: refusal.retryAfterMs }),
    ...(refusal.idempotencyKey === null ? {} : { idempotency_key: refusal.idempotencyKey }),
  });
}

export function eventFrame(event: EventFrame): string {
  const thread = JSON.stringify(event.threadId);
  const session = JSON.stringify(`relay:${event.appSlug}:${event.threadId}`);
  const trace = event.traceparent === null ? '' : `,"traceparent":${JSON.stringify(event.traceparent)}`;
  return (
    `{"type":"event","event_id":"${event.eventId}","app_id":"${event.appSlug}","thread_id":${thread},` +
    `"session_key":${session},"payload":${event.rawPayload},"attempt":${event.attempt}${trace}}`
  );
}

export function noticeFrame(notice: Notice): string {
  return JSON.stringify({
    type: 'notice',
    code: notice.code,
    ...(notice.code === 'TOKEN_ROTATED' ? { expires_at: new Date(notice.expiresAt).toISOString() } : {}),
    message: notice.message,
  });
}

const METADATA_FIELDS = ['tokens_used', 'model', 'latency_ms'];

/** The agreed fields of an agent's metadata, each as it was sent, and the session's key. */
function metadataOf(raw: string | null, sessionKey: string): string {
  const parts: string[] = [];
  for (const [name, value] of raw === null ? [] : fieldsOf(raw)) {
    if (METADATA_FIELDS.includes(name) && value !== 'null') parts.push(`"${name}":${value}`);
  }
  parts.push(`"session_key":${JSON.stringify(sessionKey)}`);
  return `{${parts.join(',')}}`;
}

function fieldsOf(raw: string): [string, string][] {
  try {
    return [...scanObject(raw)].map(([name, { start, end }]) => [name, raw.slice(start, end)]);
  } catch {
    // A field doubled inside the metadata: neither of the two is to be trusted.
    return [];
  }
}
