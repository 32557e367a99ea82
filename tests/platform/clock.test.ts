import { expect, test } from 'vitest';
import { TestClock } from '../harness/clock.ts';

test('advancing fires what is due, in order, and a repeating timer once', () => {
  const clock = new TestClock();
  const fired: string[] = [];
  clock.after(5_000, () => fired.push('late'));
  clock.after(2_000, () => fired.push('early'));
  const repeating = clock.every(1_000, () => fired.push('repeating'));
  clock.after(1_000, () => fired.push('cancelled')).cancel();
  clock.advance(6_000);
  expect(fired).toEqual(['repeating', 'early', 'late']);
  clock.advance(1_000);
  expect(fired).toHaveLength(4);
  repeating.cancel();
});

test('a jump moves the wall clock and nothing else', () => {
  const clock = new TestClock();
  const before = clock.monotonic();
  let fired = false;
  const timer = clock.after(60_000, () => (fired = true));
  clock.jump(7_200_000);
  expect(clock.now() - Date.now()).toBeGreaterThan(7_000_000);
  expect(clock.monotonic() - before).toBeLessThan(1_000);
  expect(fired).toBe(false);
  timer.cancel();
});
