import { expect, it } from 'vitest';
import { Pace } from '../../server/broker/pace.ts';
import { TestClock } from '../harness/clock.ts';

it('goes on until there are no more batches, however the clock moves while one is under way', async () => {
  const clock = new TestClock();
  const pace = new Pace(clock, 2);
  let left = 3;
  await pace.batches(async () => {
    clock.advance(3_600_000);
    left -= 1;
    return left > 0;
  });
  expect(left).toBe(0);
});

it('ends in the middle of a rest, and begins no batch after that', async () => {
  const pace = new Pace(new TestClock(), 1e9);
  let batches = 0;
  const over = pace.batches(async () => {
    batches += 1;
    await Promise.resolve();
    return true;
  });
  await expect.poll(() => batches).toBe(1);
  pace.end();
  await over;
  await pace.batches(() => Promise.reject(new Error('not to be called')));
  await pace.rest(1e9);
  expect([batches, pace.ended]).toEqual([1, true]);
});
