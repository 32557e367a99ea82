import type { EventExportQuery } from '../api/generated/graphql.ts';
import type { FileFormat, Format } from './file-formats.ts';
import { fileFormats } from './file-formats.ts';

export type ExportedEvent = NonNullable<EventExportQuery['organization']>['events']['edges'][number]['node'];

const columns: Record<string, (event: ExportedEvent) => string> = {
  event_id: (event) => event.eventId,
  accepted_at: (event) => event.acceptedAt,
  status: (event) => event.status.toLowerCase(),
  app_id: (event) => event.app.appId,
  agent_id: (event) => event.agentId,
  thread_id: (event) => event.threadId,
  origin: (event) => event.origin.toLowerCase(),
  attempts: (event) => String(event.attempts),
  latency_ms: (event) => String(event.latencyMs ?? ''),
  settled_at: (event) => event.settledAt ?? '',
  error_code: (event) => event.error?.code ?? '',
  error: (event) => event.error?.message ?? '',
};

const bodies: typeof columns = {
  payload: (event) => event.payload ?? '',
  reply: (event) => event.reply ?? '',
};

/** Payload and reply stay JSON text in NDJSON too: parsed and printed, they would not be what was sent. */
const object = (event: ExportedEvent): object => ({
  event_id: event.eventId,
  accepted_at: event.acceptedAt,
  status: event.status.toLowerCase(),
  app_id: event.app.appId,
  agent_id: event.agentId,
  thread_id: event.threadId,
  origin: event.origin.toLowerCase(),
  attempts: event.attempts,
  latency_ms: event.latencyMs,
  settled_at: event.settledAt,
  error: event.error && { code: event.error.code, message: event.error.message },
  ...(event.payload === undefined ? {} : { payload: event.payload, reply: event.reply }),
});

/** What a downloaded history looks like, with or without payloads and replies. */
export function eventFormats(withBodies: boolean): Record<Format, FileFormat<ExportedEvent>> {
  return fileFormats(withBodies ? { ...columns, ...bodies } : columns, object);
}
