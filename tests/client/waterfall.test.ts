import { describe, expect, test } from 'vitest';
import type { TimelineKind } from '../../client/api/generated/graphql.ts';
import { waterfall } from '../../client/format/waterfall.ts';

const at = (ms: number): string => new Date(1_000_000 + ms).toISOString();
const step = (kind: TimelineKind, ms: number, attempt: number | null = null) => ({
  kind,
  at: at(ms),
  attempt,
});
const drawn = (steps: ReturnType<typeof step>[], now = 0) =>
  waterfall(steps, 1_000_000 + now).rows.map(
    ({ label, bars, end }) =>
      `${label} ${bars.map(({ kind, from, to }) => `${kind} ${from}-${to}`).join(' ')} ${end}`,
  );

describe('where the time of an event went', () => {
  test('is waiting, the attempt with its first token, and the way back', () => {
    const steps = [
      step('ACCEPTED', 0),
      step('DISPATCHED', 10, 1),
      step('FIRST_TOKEN', 40, 1),
      step('REPLIED', 100, 1),
      step('HANDED_OVER', 130),
    ];
    expect(drawn(steps)).toEqual([
      'Queued waiting 0-10 fine',
      'Attempt 1 thinking 10-40 streaming 40-100 fine',
      'Handed over handing-over 100-130 fine',
    ]);
    expect(waterfall(steps, 0).length).toBe(130);
  });

  test('tells attempts apart, with the wait between them', () => {
    const steps = [
      step('ACCEPTED', 0),
      step('DISPATCHED', 10, 1),
      step('CONNECTION_LOST', 50, 1),
      step('DISPATCHED', 90, 2),
      step('FIRST_TOKEN', 95, 2),
      step('FAILED', 120),
    ];
    expect(drawn(steps)).toEqual([
      'Queued waiting 0-10 fine',
      'Attempt 1 thinking 10-50 bad',
      'Queued again waiting 50-90 fine',
      'Attempt 2 thinking 90-95 streaming 95-120 bad',
    ]);
  });

  test('grows up to now while it is under way', () => {
    expect(drawn([step('ACCEPTED', 0)], 70)).toEqual(['Queued waiting 0-70 open']);
    const dispatched = [step('ACCEPTED', 0), step('DISPATCHED', 10, 1)];
    expect(drawn(dispatched, 70)).toEqual(['Queued waiting 0-10 fine', 'Attempt 1 thinking 10-70 open']);
    const lost = [...dispatched, step('CONNECTION_LOST', 30, 1)];
    expect(drawn(lost, 70).at(-1)).toBe('Queued again waiting 30-70 open');
  });

  test('does not run backwards when clocks differ', () => {
    expect(drawn([step('ACCEPTED', 0)], -500)).toEqual(['Queued waiting 0-0 open']);
  });

  test('is no more than a wait for what never reached the agent', () => {
    expect(drawn([step('ACCEPTED', 0), step('REJECTED', 0)])).toEqual(['Queued waiting 0-0 bad']);
    expect(waterfall([], 0).rows).toEqual([]);
  });
});
