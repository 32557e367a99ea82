import { expect, test } from 'vitest';
import type { Topics } from '../../server/bus/topics.ts';
import { standing } from '../../server/graphql/live/events.ts';

const message = (fields: Partial<Topics['event.changed']> = {}): Topics['event.changed'] => ({
  eventId: 'evt_1',
  organizationId: 'o',
  appId: 'app',
  agentId: 'agent',
  threadId: 'thread',
  status: 'delivered',
  errorCode: null,
  acceptedAt: 1_000,
  ...fields,
});

test.each([
  ['no filter', {}, 'in'],
  ['its status', { status: ['delivered' as const] }, 'in'],
  ['what it was before', { status: ['pending' as const] }, 'left'],
  ['what it never was', { status: ['failed' as const] }, 'out'],
  ['another app', { appId: 'other', status: ['pending' as const] }, 'out'],
  ['another agent', { agentId: 'other' }, 'out'],
  ['another thread', { threadId: 'other' }, 'out'],
  ['a code it never had', { code: 'AGENT_ERROR' }, 'out'],
  ['its time', { from: new Date(1_000), to: new Date(1_001) }, 'in'],
  ['a later time', { from: new Date(1_001) }, 'out'],
  ['an earlier time', { to: new Date(1_000) }, 'out'],
] as const)('an event that has ended stands to a filter by %s: %s', (_name, filter, expected) => {
  expect(standing(message(), filter as never)).toBe(expected);
});

test('a pending event leaves nothing', () => {
  expect(standing(message({ status: 'pending' }), { status: ['failed'] })).toBe('out');
  expect(standing(message({ status: 'pending' }), { status: ['pending'] })).toBe('in');
});
