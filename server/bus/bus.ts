import type { Topic, Topics } from './topics.ts';

/**
 * The only way from one connection to another. Delivery is at most once and in order per publisher; whoever must
 * not miss anything reads the database after subscribing.
 */
export interface Bus {
  publish<T extends Topic>(topic: T, message: Topics[T]): void;
  /** Subscribes at once, not at first use; the returned function ends it. A handler must not block. */
  subscribe<T extends Topic>(topic: T, handle: (message: Topics[T]) => void): () => void;
  /** Ends every subscription. */
  close(): void;
}
