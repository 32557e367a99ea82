import { expect, test } from 'vitest';
import { bytes, latency, pause, percent } from '../../client/format/number.ts';
import {
  clockUtc,
  countdown,
  exactly,
  exactUtc,
  minute,
  minuteUtc,
  relative,
  span,
} from '../../client/format/time.ts';
import { toFilter } from '../../client/format/event-filter.ts';

const at = '2026-04-05T14:32:07.123Z';
const now = Date.parse(at);
const ago = (ms: number): string => new Date(now - ms).toISOString();

test('times are UTC whatever the zone of the browser', () => {
  expect(minute(at)).toBe('2026-04-05 14:32');
  expect(minuteUtc(at)).toBe('2026-04-05 14:32 UTC');
  expect(exactUtc(at)).toBe('2026-04-05 14:32:07.123 UTC');
  expect(clockUtc(at)).toBe('14:32:07.123');
});

test('relative times take the largest unit that fits', () => {
  expect(relative(ago(1_000), now)).toBe('just now');
  expect(relative(ago(45_000), now)).toBe('45s ago');
  expect(relative(ago(59 * 60_000), now)).toBe('59m ago');
  expect(relative(ago(25 * 3_600_000), now)).toBe('1d ago');
  expect(relative(ago(-7_200_000), now)).toBe('in 2h');
});

test('a server clock slightly ahead does not put events into the future', () => {
  expect(relative(ago(-3_000), now)).toBe('just now');
});

test('a setting is shown to the second, never rounded', () => {
  expect(exactly(90)).toBe('1m 30s');
  expect(exactly(3_600)).toBe('1h');
  expect(exactly(129_601)).toBe('1d 12h 1s');
});

test('spans and countdowns never go below zero', () => {
  expect(span(-5_000)).toBe('0s');
  expect(countdown(ago(60_000), now)).toBe('0:00');
  expect(countdown(ago(-3_599_000), now)).toBe('59:59');
  expect(countdown(ago(-3_723_000), now)).toBe('1:02:03');
});

test('latencies are milliseconds, and a dash while there is none', () => {
  expect(latency(2_300)).toBe('2300ms');
  expect(latency(0)).toBe('0ms');
  expect(latency(null)).toBe('–');
});

test('a success rate is never rounded up to perfect', () => {
  expect(percent(0.9999)).toBe('99.9%');
  expect(percent(1)).toBe('100%');
});

test('pauses and sizes keep the precision that matters', () => {
  expect([pause(4), pause(2_300), pause(75_000)]).toEqual(['4ms', '2.3s', '1m 15s']);
  // Rounded up, a unit is full and the next one takes over.
  expect([pause(999.6), pause(9_960), pause(59_700), pause(119_700)]).toEqual([
    '1.0s',
    '10s',
    '1m 0s',
    '2m 0s',
  ]);
  expect([bytes(999), bytes(65_536)]).toEqual(['999 B', '65.5 kB']);
});

test('the filters of an address are those of the API, and nonsense is left out', () => {
  expect(toFilter({ status: 'failed,rejected,bogus', thread: 'a:b', app: 'x' }, now)).toEqual({
    status: ['FAILED', 'REJECTED'],
    threadId: 'a:b',
    appId: 'x',
  });
  expect(toFilter({ range: '1h', from: '2020-01-01T00:00' }, now)).toEqual({ from: ago(3_600_000) });
  expect(toFilter({ from: '2026-04-05T14:00', to: 'never' }, now)).toEqual({
    from: '2026-04-05T14:00:00.000Z',
  });
  expect(toFilter({}, now)).toEqual({});
});
