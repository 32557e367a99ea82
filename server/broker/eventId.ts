import { eventIdFloor } from '../domain/eventId.ts';

/**
 * Makes ids `evt_{time}{counter}{epoch}` in base 36: 9 characters of milliseconds, 3 that count within one, and the
 * node's epoch, which no other start of any node shares. They sort, byte by byte, in the order they were made, also
 * when the wall clock steps back: then the last time is kept until the clock has caught up.
 *
 * @param epoch the node's epoch, at most 8 decimal digits worth of starts in practice
 */
export function createEventIds(epoch: bigint, now: () => number): () => string {
  const suffix = epoch.toString(36).padStart(4, '0');
  let last = 0;
  let counter = 0;
  let prefix = '';
  return () => {
    const time = now();
    if (time > last) {
      last = time;
      counter = 0;
      prefix = eventIdFloor(last);
    } else if (++counter === 46_656) {
      last += 1;
      counter = 0;
      prefix = eventIdFloor(last);
    }
    return prefix + counter.toString(36).padStart(3, '0') + suffix;
  };
}
