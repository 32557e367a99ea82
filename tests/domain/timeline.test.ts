import { expect, test } from 'vitest';
import type { EventRow, StepRow } from '../../server/domain/eventRow.ts';
import { timelineOf } from '../../server/domain/timeline.ts';

const at = (second: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, second));

const event: EventRow = {
  id: 'evt_0000000000000001',
  organizationId: 'organization',
  appId: 'app',
  agentId: 'agent',
  agentSlug: 'agent',
  appSlug: 'app',
  threadId: 'thread',
  status: 'pending',
  origin: 'app',
  payloadBytes: 2,
  resendOf: null,
  acceptedAt: at(0),
  dispatchedAt: at(1),
  connectionId: 'con_first',
  firstTokenAt: null,
  attempts: 2,
  settledAt: null,
  latencyMs: null,
  errorCode: null,
  errorText: null,
  handOver: true,
  handedOverAt: null,
  contentDeletedAt: null,
};

const step = (kind: StepRow['kind'], second: number, attempt: number, connectionId: string): StepRow => ({
  eventId: event.id,
  at: at(second),
  kind,
  attempt,
  connectionId,
  detail: null,
});

const steps = [step('connection_lost', 3, 1, 'con_first'), step('dispatched', 4, 2, 'con_second')];

const firstToken = (second: number) =>
  timelineOf({ ...event, firstTokenAt: at(second) }, steps).find(({ kind }) => kind === 'first_token');

test('the first token is shown in the attempt it came in', () => {
  expect(firstToken(2)).toMatchObject({ attempt: 1, connectionId: 'con_first' });
  expect(firstToken(5)).toMatchObject({ attempt: 2, connectionId: 'con_second' });
});
