import type { StepKind } from '../database/entities/event.ts';
import type { EventRow, StepRow } from './eventRow.ts';

export type TimelineKind =
  StepKind | 'accepted' | 'first_token' | 'replied' | 'failed' | 'rejected' | 'handed_over';

export interface TimelineEntry {
  kind: TimelineKind;
  at: Date;
  attempt: number | null;
  connectionId: string | null;
  detail: string | null;
}

function entry(kind: TimelineKind, at: Date, more: Partial<TimelineEntry> = {}): TimelineEntry {
  return { kind, at, attempt: null, connectionId: null, detail: null, ...more };
}

function outcome(event: EventRow): TimelineEntry[] {
  if (event.status === 'pending') return [];
  const at = event.settledAt ?? event.acceptedAt;
  const detail = event.errorText ?? event.errorCode;
  if (event.status === 'delivered') return [entry('replied', at, { attempt: event.attempts || null })];
  return [entry(event.status, at, { detail })];
}

/** The first token came in the attempt that was dispatched last before it. */
function firstToken(at: Date, first: Partial<TimelineEntry>, steps: readonly StepRow[]): TimelineEntry {
  const dispatch = steps.findLast((step) => step.kind === 'dispatched' && step.at <= at) ?? first;
  return entry('first_token', at, { attempt: dispatch.attempt, connectionId: dispatch.connectionId });
}

/** The way of one event, oldest step first: the first attempt from the event's own columns, the rest from its steps. */
export function timelineOf(event: EventRow, steps: readonly StepRow[]): TimelineEntry[] {
  const first = { attempt: 1, connectionId: event.connectionId };
  const entries = [
    entry('accepted', event.acceptedAt),
    ...(event.dispatchedAt ? [entry('dispatched', event.dispatchedAt, first)] : []),
    ...(event.firstTokenAt ? [firstToken(event.firstTokenAt, first, steps)] : []),
    ...steps.map((step) => entry(step.kind, step.at, step)),
    ...outcome(event),
    ...(event.handedOverAt ? [entry('handed_over', event.handedOverAt)] : []),
  ];
  // Sorting is stable: steps of one millisecond keep the order they stand in above.
  return entries.sort((a, b) => a.at.getTime() - b.at.getTime());
}
