import type { Clock, Timer } from '../clock.ts';
import { UnavailableError } from '../errors.ts';

/** How long what nobody waits for looks for company, milliseconds, and how much of it is company enough. */
const LAZY_MS = 20;
const LAZY_BATCH = 64;

export interface Entry<T, R> {
  item: T;
  resolve(result: R): void;
  reject(error: unknown): void;
}

interface QueueOptions {
  /** Most items of one batch. */
  batch: number;
  /** How long what nobody waits for looks for company, milliseconds (20). */
  lazyMs?: number;
  /** Most items waiting; beyond it an item is rejected with UnavailableError at once. */
  capacity: number;
  clock: Clock;
}

/**
 * What waits for a writer.
 *
 * @param onRipe is told when what nobody waits for has waited long enough
 */
export function createWriterQueue<T, R>(options: QueueOptions, onRipe: () => void) {
  const waiting: Entry<T, R>[] = [];
  /** What nobody waits for, and whether it has waited long enough. */
  const lazy: Entry<T, R>[] = [];
  let ripe = false;
  let late: Timer | null = null;
  let closed = false;

  function put(item: T, queue: Entry<T, R>[]): Promise<R> {
    if (closed || waiting.length >= options.capacity) return Promise.reject(new UnavailableError());
    return new Promise<R>((resolve, reject) => queue.push({ item, resolve, reject }));
  }

  function ripen(): void {
    late?.cancel();
    late = null;
    ripe = lazy.length > 0;
    onRipe();
  }

  return {
    /** How many items somebody waits for. */
    length: (): number => waiting.length,
    /** Whether there is anything to write now. */
    some: (): boolean => waiting.length > 0 || ripe,
    put: (item: T): Promise<R> => put(item, waiting),
    putLazily(item: T): Promise<R> {
      const written = put(item, lazy);
      if (lazy.length >= LAZY_BATCH) ripen();
      else if (lazy.length > 0) late ??= options.clock.after(options.lazyMs ?? LAZY_MS, ripen);
      return written;
    },
    /** In the order it came: whoever reads on by id relies on nothing being committed behind what is there already. */
    take(): Entry<T, R>[] {
      const batch = waiting.splice(0, options.batch);
      if (!ripe) return batch;
      batch.push(...lazy.splice(0, options.batch - batch.length));
      ripe = lazy.length > 0;
      return batch;
    },
    takeAll(): Entry<T, R>[] {
      ripe = false;
      return [...waiting.splice(0), ...lazy.splice(0)];
    },
    withdraw(item: T): boolean {
      const index = waiting.findIndex((entry) => entry.item === item);
      if (index < 0) return false;
      // Whoever stands behind it, as events under one key do, must hear that it is over.
      const [entry] = waiting.splice(index, 1);
      entry?.reject(new UnavailableError());
      return true;
    },
    /** Takes nothing more; what is there is written without waiting for company. */
    close(): void {
      closed = true;
      ripen();
    },
  };
}
