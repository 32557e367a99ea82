import { expect, test } from 'vitest';
import { allowlistChange, allowlistEffect } from '../../client/format/allowlist.ts';
import type { AttentionItem } from '../../client/format/attention.ts';
import { attentionPath, attentionText } from '../../client/format/attention.ts';
import { rate, stepMinutes } from '../../client/format/rate.ts';

const NOW = Date.parse('2026-04-07T10:00:00Z');
const text = (item: Partial<AttentionItem> & Pick<AttentionItem, 'kind'>): string =>
  attentionText({ since: null, until: null, count: null, total: null, ...item }, NOW);

test('what needs attention is told with its numbers, in the right number', () => {
  const since = '2026-04-07T08:00:00Z';
  expect(text({ kind: 'DISCONNECTED', since })).toBe('is disconnected, last connected 2h ago');
  expect(text({ kind: 'DISCONNECTED', since, count: 1 })).toMatch(/; 1 event waits for it$/);
  expect(text({ kind: 'DISCONNECTED', since, count: 1_000 })).toMatch(/; 1,000 or more events wait for it$/);
  expect(text({ kind: 'FAILING', count: 12, total: 2_340 })).toBe(
    'failed 12 of 2,340 events in the last hour',
  );
  expect(text({ kind: 'REJECTED', count: 1 })).toBe('had 1 event rejected in the last 24 hours');
  expect(text({ kind: 'TOKEN_OLD', since: '2026-01-01T00:00:00Z' })).toBe('uses a token that is 96 days old');
  const until = '2026-04-07T10:59:03Z';
  expect(text({ kind: 'GRACE_ENDING', until, count: 2, total: 5 })).toBe(
    'loses its old token in 59:03; 2 of 5 instances still use it',
  );
  expect(text({ kind: 'GRACE_ENDING', until, count: 0, total: 0 })).toBe('loses its old token in 59:03');
});

test('each leads to where it can be looked into', () => {
  expect(attentionPath('FAILING', 'Agent', 'QQ==')).toBe('events?agent=QQ%3D%3D&status=failed&range=1h');
  expect(attentionPath('REJECTED', 'App', 'QQ==')).toBe('events?app=QQ%3D%3D&status=rejected&range=24h');
  expect(attentionPath('TOKEN_OLD', 'Agent', 'a')).toBe('agents/a');
  expect(attentionPath('GRACE_ENDING', 'App', 'a')).toBe('apps/a');
});

test('from one allowlist to another only what differs is changed, and what turns everything over is named', () => {
  expect(allowlistChange(new Set(['a', 'b']), new Set(['b', 'c']))).toEqual({
    allow: ['c'],
    disallow: ['a'],
  });
  expect([
    allowlistEffect(1, 0),
    allowlistEffect(0, 2),
    allowlistEffect(2, 1),
    allowlistEffect(0, 0),
  ]).toEqual(['opens', 'closes', null, null]);
});

test('the step that is still going on is counted over the time it had', () => {
  const points = [
    { at: '2026-04-07T09:30:00Z' },
    { at: '2026-04-07T09:45:00Z' },
    { at: '2026-04-07T10:00:00Z' },
  ];
  const to = '2026-04-07T10:15:00Z';
  expect(stepMinutes(points, to, NOW + 300_000)).toEqual([15, 15, 5]);
  expect(stepMinutes(points, to, NOW + 10_000)).toEqual([15, 15, 1]);
  expect(stepMinutes(points, to, NOW + 9_000_000)).toEqual([15, 15, 15]);
  expect([0, 0.0417, 2.54, 12.7, 1_250].map(rate)).toEqual(['0', '0.04', '2.5', '13', '1,250']);
});
