import { PAYLOAD_BYTES, THREAD_CHARACTERS } from '../domain/eventForm.ts';
import { DuplicateFieldError, scanObject } from './payload.ts';
import type { RawField } from './payload.ts';

/** Largest content of a reply, bytes of the decoded text in UTF-8. */
export const REPLY_BYTES = 1_048_576;

/** What an app may say, checked and with the payload as raw text. */
export type AppMessage =
  | {
      type: 'event';
      agentId: string;
      threadId: string;
      payload: string;
      idempotencyKey: string | null;
      ifOffline: 'queue' | 'fail';
      traceparent: string | null;
    }
  | { type: 'discover' | 'ping' | 'pong' }
  | { type: 'ack'; eventId: string };

/** What an agent may say. `raw` texts are JSON as sent, the others decoded. */
export type AgentMessage =
  | { type: 'token'; eventId: string; attempt: number | null; token: string; raw: string }
  | {
      type: 'reply';
      eventId: string;
      attempt: number | null;
      rawContent: string;
      contentBytes: number;
      rawMetadata: string | null;
    }
  | { type: 'error'; eventId: string; attempt: number | null; error: string; code: string }
  | { type: 'ping' | 'pong' };

/** A frame that cannot be taken. `message` names the field; what could be read is kept for the answer. */
export class InvalidMessageError extends Error {
  readonly code: 'INVALID_MESSAGE' | 'PAYLOAD_TOO_LARGE';
  readonly agentId: string | null;
  readonly idempotencyKey: string | null;

  constructor(
    message: string,
    code: 'INVALID_MESSAGE' | 'PAYLOAD_TOO_LARGE' = 'INVALID_MESSAGE',
    readable: { agentId?: string | null; idempotencyKey?: string | null } = {},
  ) {
    super(message);
    this.code = code;
    this.agentId = readable.agentId ?? null;
    this.idempotencyKey = readable.idempotencyKey ?? null;
  }
}

interface Frame {
  text: string;
  values: Record<string, unknown>;
  fields: Map<string, RawField>;
}

export function decodeAppMessage(text: string): AppMessage {
  const frame = openFrame(text);
  switch (frame.values['type']) {
    case 'event':
      return decodeEvent(frame);
    case 'ack':
      return { type: 'ack', eventId: identifier(frame, 'event_id', 64) };
    case 'discover':
    case 'ping':
    case 'pong':
      return { type: frame.values['type'] };
    default:
      throw unknownType(frame);
  }
}

export function decodeAgentMessage(text: string): AgentMessage {
  const frame = openFrame(text);
  switch (frame.values['type']) {
    case 'token':
      return {
        type: 'token',
        eventId: identifier(frame, 'event_id', 64),
        attempt: attemptOf(frame),
        token: stringField(frame, 'token'),
        raw: rawField(frame, 'token') ?? '""',
      };
    case 'reply':
      return decodeReply(frame);
    case 'error':
      return {
        type: 'error',
        eventId: identifier(frame, 'event_id', 64),
        attempt: attemptOf(frame),
        error: text16k(frame, 'error'),
        code: given(frame, 'code') ? identifier(frame, 'code', 64) : 'AGENT_ERROR',
      };
    case 'ping':
    case 'pong':
      return { type: frame.values['type'] };
    default:
      throw unknownType(frame);
  }
}

function openFrame(text: string): Frame {
  let values: unknown;
  try {
    values = JSON.parse(text);
  } catch {
    throw new InvalidMessageError('The frame is not valid JSON.');
  }
  if (!isObject(values)) throw new InvalidMessageError('The frame is not a JSON object.');
  try {
    return { text, values, fields: scanObject(text) };
  } catch (error) {
    if (error instanceof DuplicateFieldError) throw new InvalidMessageError(error.message);
    throw error;
  }
}

function decodeEvent(frame: Frame): AppMessage {
  const readable = {
    agentId: readableText(frame.values['agent_id']),
    idempotencyKey: readableText(frame.values['idempotency_key']),
  };
  try {
    return {
      type: 'event',
      agentId: identifier(frame, 'agent_id', 512),
      threadId: identifier(frame, 'thread_id', THREAD_CHARACTERS),
      payload: payloadOf(frame),
      idempotencyKey: given(frame, 'idempotency_key') ? identifier(frame, 'idempotency_key', 128) : null,
      ifOffline: ifOfflineOf(frame),
      traceparent: given(frame, 'traceparent') ? identifier(frame, 'traceparent', 512) : null,
    };
  } catch (error) {
    if (error instanceof InvalidMessageError)
      throw new InvalidMessageError(error.message, error.code, readable);
    throw error;
  }
}

function decodeReply(frame: Frame): AgentMessage {
  // The original service's agents said `final_reply` and put `tokens_used` at the top level.
  const contentField = given(frame, 'content') ? 'content' : 'final_reply';
  if (!has(frame, contentField)) throw new InvalidMessageError('The field "content" is missing.');
  const content = stringField(frame, contentField);
  if (given(frame, 'metadata') && !isObject(frame.values['metadata'])) {
    throw new InvalidMessageError('The field "metadata" must be a JSON object.');
  }
  return {
    type: 'reply',
    eventId: identifier(frame, 'event_id', 64),
    attempt: attemptOf(frame),
    rawContent: rawField(frame, contentField) ?? '""',
    contentBytes: Buffer.byteLength(content),
    rawMetadata: rawMetadataOf(frame),
  };
}

/** The metadata as sent; a top-level `tokens_used`, as the original service's agents sent it, completes them. */
function rawMetadataOf(frame: Frame): string | null {
  const metadata = given(frame, 'metadata') ? rawField(frame, 'metadata') : null;
  if (!given(frame, 'tokens_used')) return metadata;
  const used = `"tokens_used":${rawField(frame, 'tokens_used')}`;
  if (metadata === null) return `{${used}}`;
  const fields = frame.values['metadata'] as object;
  if (Object.hasOwn(fields, 'tokens_used')) return metadata;
  return `{${used}${Object.keys(fields).length === 0 ? '' : ','}${metadata.slice(1)}`;
}

function payloadOf(frame: Frame): string {
  if (!has(frame, 'payload')) throw new InvalidMessageError('The field "payload" is missing.');
  if (!isObject(frame.values['payload'])) {
    throw new InvalidMessageError('The field "payload" must be a JSON object.');
  }
  const payload = rawField(frame, 'payload') ?? '';
  const bytes = Buffer.byteLength(payload);
  if (bytes > PAYLOAD_BYTES) {
    throw new InvalidMessageError(
      `The field "payload" has ${bytes} bytes, more than ${PAYLOAD_BYTES}.`,
      'PAYLOAD_TOO_LARGE',
    );
  }
  return payload;
}

function ifOfflineOf(frame: Frame): 'queue' | 'fail' {
  if (!given(frame, 'if_offline')) return 'queue';
  const value = frame.values['if_offline'];
  if (value !== 'queue' && value !== 'fail') {
    throw new InvalidMessageError('The field "if_offline" must be "queue" or "fail".');
  }
  return value;
}

function attemptOf(frame: Frame): number | null {
  if (!given(frame, 'attempt')) return null;
  const value = frame.values['attempt'];
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 1) {
    throw new InvalidMessageError('The field "attempt" must be a positive integer.');
  }
  return value;
}

/** A text that Relay stores or compares: no NUL and no lone surrogate, neither of which PostgreSQL keeps. */
function identifier(frame: Frame, name: string, longest: number): string {
  const value = stringField(frame, name);
  if (value.length === 0) throw new InvalidMessageError(`The field "${name}" is empty.`);
  if (value.length > longest && [...value].length > longest) {
    throw new InvalidMessageError(`The field "${name}" is longer than ${longest} characters.`);
  }
  return storable(value, name);
}

function text16k(frame: Frame, name: string): string {
  return storable(stringField(frame, name), name).slice(0, 16_384).toWellFormed();
}

function storable(value: string, name: string): string {
  if (value.includes('\0')) throw new InvalidMessageError(`The field "${name}" contains a NUL character.`);
  if (!value.isWellFormed()) throw new InvalidMessageError(`The field "${name}" contains a lone surrogate.`);
  return value;
}

function stringField(frame: Frame, name: string): string {
  if (!has(frame, name)) throw new InvalidMessageError(`The field "${name}" is missing.`);
  const value = frame.values[name];
  if (typeof value !== 'string') throw new InvalidMessageError(`The field "${name}" must be a string.`);
  return value;
}

function unknownType(frame: Frame): InvalidMessageError {
  if (!has(frame, 'type')) return new InvalidMessageError('The field "type" is missing.');
  if (typeof frame.values['type'] !== 'string')
    return new InvalidMessageError('The field "type" must be a string.');
  return new InvalidMessageError('The field "type" names no message that is understood here.');
}

function has(frame: Frame, name: string): boolean {
  // Own properties only: `__proto__` and its kind are fields like any other.
  return frame.fields.has(name);
}

/** Whether an optional field is there; clients in many languages write an absent one as null. */
function given(frame: Frame, name: string): boolean {
  return has(frame, name) && frame.values[name] !== null;
}

function rawField(frame: Frame, name: string): string | null {
  const field = frame.fields.get(name);
  return field ? frame.text.slice(field.start, field.end) : null;
}

function readableText(value: unknown): string | null {
  return typeof value === 'string' && value.length <= 512 && value.isWellFormed() ? value : null;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
