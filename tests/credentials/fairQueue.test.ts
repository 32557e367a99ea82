import { expect, test } from 'vitest';
import { FairQueue } from '../../server/credentials/fairQueue.ts';
import { OverloadedError } from '../../server/errors.ts';
import { TestClock } from '../harness/clock.ts';

const clock = new TestClock();
const limits = { running: 2, runningPerLane: 1, waiting: 4, waitingPerLane: 2 };
const patience = { clock, ms: 5_000 };
const create = () => new FairQueue(limits);

/** Jobs that end when they are told to, in the order they began. */
function work(queue: FairQueue) {
  const begun: string[] = [];
  const ends = new Map<string, () => void>();
  const add = (lane: string, name: string, patient = false) =>
    queue.run(
      lane,
      () => {
        begun.push(name);
        return new Promise<void>((resolve) => ends.set(name, resolve));
      },
      patient ? null : patience,
    );
  return { begun, add, end: (name: string) => ends.get(name)!() };
}

test('a lane that has its share waits while others find room', async () => {
  const { begun, add, end } = work(create());
  const jobs = [add('a', 'a1'), add('a', 'a2'), add('b', 'b1')];
  expect(begun).toEqual(['a1', 'b1']);
  end('b1');
  await jobs[2];
  expect(begun).toEqual(['a1', 'b1']);
  end('a1');
  await jobs[0];
  await expect.poll(() => begun).toEqual(['a1', 'b1', 'a2']);
  end('a2');
  await Promise.all(jobs);
});

test('lanes are served in turn', async () => {
  const { begun, add, end } = work(create());
  const jobs = [add('a', 'a1'), add('b', 'b1'), add('c', 'c1'), add('c', 'c2'), add('d', 'd1')];
  for (const name of ['a1', 'b1', 'c1', 'd1', 'c2']) {
    await expect.poll(() => begun).toContain(name);
    end(name);
  }
  await Promise.all(jobs);
  expect(begun).toEqual(['a1', 'b1', 'c1', 'd1', 'c2']);
});

test('what is too much for a lane, or for all, is refused at once', async () => {
  const { begun, add, end } = work(create());
  const jobs = [add('a', 'a1'), add('b', 'b1'), add('a', 'a2'), add('a', 'a3')];
  await expect(add('a', 'a4')).rejects.toThrow(OverloadedError);
  jobs.push(add('b', 'b2'), add('c', 'c1'));
  await expect(add('d', 'd1')).rejects.toThrow(OverloadedError);
  for (const name of ['a1', 'b1', 'a2', 'b2', 'c1', 'a3']) {
    await expect.poll(() => begun).toContain(name);
    end(name);
  }
  await Promise.all(jobs);
});

test('who has waited for as long as it is patient is refused, and gives up the place in the queue', async () => {
  const { begun, add, end } = work(create());
  const jobs = [add('a', 'a1'), add('a', 'a2'), add('a', 'for ever', true)];
  clock.advance(5_000);
  await expect(jobs[1]).rejects.toThrow(OverloadedError);
  jobs[1] = add('a', 'a3');
  for (const name of ['a1', 'for ever', 'a3']) {
    await expect.poll(() => begun).toContain(name);
    end(name);
  }
  await Promise.all(jobs);
  expect(begun).toEqual(['a1', 'for ever', 'a3']);
});
