import type { Log } from '../log.ts';
import type { Bus } from './bus.ts';
import type { Topic, Topics } from './topics.ts';

type Handler = (message: never) => void;

/** The bus of a single node: a direct call to each subscriber, which costs nothing when there is none. */
export function createLocalBus(log: Log): Bus {
  const subscribers = new Map<Topic, Set<Handler>>();

  return {
    publish<T extends Topic>(topic: T, message: Topics[T]) {
      const handlers = subscribers.get(topic);
      if (!handlers) return;
      for (const handle of handlers) {
        try {
          (handle as (message: Topics[T]) => void)(message);
        } catch (error) {
          // One broken subscriber must not take the message from the others, nor the publisher down.
          log.error({ err: error, topic }, 'a bus subscriber failed');
        }
      }
    },
    subscribe<T extends Topic>(topic: T, handle: (message: Topics[T]) => void) {
      let handlers = subscribers.get(topic);
      if (!handlers) subscribers.set(topic, (handlers = new Set()));
      // Each subscription is its own entry, even when two hand over the same function.
      const entry: Handler = (message) => handle(message);
      handlers.add(entry);
      return () => handlers.delete(entry);
    },
    close() {
      subscribers.clear();
    },
  };
}
