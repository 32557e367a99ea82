/** Thrown into a consumer that fell more than its buffer behind. */
export class SlowConsumerError extends Error {
  constructor(capacity: number, unit = 'messages') {
    super(`The subscriber fell more than ${capacity} ${unit} behind.`);
  }
}

/** An async iterable that others push into. It ends by `end()`, by its consumer's return, or by falling behind. */
export interface Stream<T> extends AsyncIterableIterator<T> {
  push(item: T): void;
  /** Items that wait for the consumer. */
  readonly size: number;
  end(): void;
}

/**
 * A bounded buffer between a publisher, which never waits, and one consumer. A consumer that falls behind by more than
 * `capacity` gets what it had, then `SlowConsumerError`: the slow one ends by name and the others never notice.
 *
 * @param onEnd called once, however the stream ends: the place to unsubscribe.
 */
export function createStream<T>(capacity: number, onEnd: () => void): Stream<T> {
  const items: T[] = [];
  let wake: (() => void) | null = null;
  let ended = false;
  let failure: SlowConsumerError | null = null;

  function finish() {
    if (ended) return;
    ended = true;
    onEnd();
    wake?.();
  }

  return {
    push(item) {
      if (ended) return;
      if (items.length >= capacity) {
        failure = new SlowConsumerError(capacity);
        finish();
        return;
      }
      items.push(item);
      wake?.();
    },
    get size() {
      return items.length;
    },
    end: finish,
    async next() {
      while (items.length === 0 && !ended) {
        await new Promise<void>((resolve) => (wake = resolve));
        wake = null;
      }
      if (items.length > 0) return { value: items.shift() as T, done: false };
      if (failure) {
        const error = failure;
        failure = null;
        throw error;
      }
      return { value: undefined, done: true };
    },
    return() {
      items.length = 0;
      finish();
      return Promise.resolve({ value: undefined, done: true as const });
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
