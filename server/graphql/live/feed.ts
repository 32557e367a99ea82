import { SlowConsumerError, createStream } from '../../bus/stream.ts';
import { signedIn } from '../../domain/caller.ts';
import { UnavailableError } from '../../errors.ts';
import type { Context, Reads } from '../context.ts';
import { refresh, use } from '../context.ts';
import type { Loss } from './rights.ts';
import type { Tell } from './shared.ts';

/** Items a subscriber may be behind before it is ended. */
const CAPACITY = 1_000;
/** Code and reason; 1013 is the code that clients try again after. */
const ENDS: Record<Loss, [number, string]> = { gone: [4403, 'Forbidden'], unsure: [1013, 'Try again later'] };
const TOO_SLOW = 4413;

interface Feed<Message, Item> {
  /** Subscribes at once; the functions returned end it. */
  subscribe(push: (message: Message) => void): (() => void)[];
  /** The present state, read after subscribing, so that nothing falls in between. */
  initial(): Promise<Item[]>;
  /** What a message means to this subscriber; null: nothing. */
  each(message: Message): Promise<Item | null>;
  /** What all who are told of this message read it with; without it each subscriber reads for itself. */
  shared?(message: Message): Reads;
  /** What the first item is about, where it is one. */
  about?: Message;
  /** Another one as soon as what was read for this message before is not to be told any more. */
  version?(message: Message): number;
  /** Messages of one key that wait together are one. */
  key?(message: Message): string;
  /** Whether nothing can come after this item. */
  last?(item: Item): boolean;
}

/** The items of a subscription. */
export interface Items<Item> extends AsyncIterableIterator<Item> {
  /**
   * To be asked before the last item is told, since what it leads to may have been waited for: undefined when it may be told,
   * or what to tell instead, null for nothing.
   */
  renewed(): Promise<Item | null> | undefined;
}

/**
 * What a subscription sends. Not a generator: the return of a suspended one would wait for its next message, and
 * whoever has unsubscribed would stay subscribed until then. Throws UnavailableError while nobody's right can be looked at.
 */
export function createFeed<Message, Item>(
  context: Context,
  organizationId: string,
  { subscribe, initial, each, shared, about, version, key, last }: Feed<Message, Item>,
): Items<Item> {
  const { rights } = context.parts;
  if (!rights.known()) {
    context.transport.close?.(...ENDS.unsure);
    throw new UnavailableError();
  }
  const { tell } = context;
  const waiting = new Set<string>();
  const ready: Item[] = [];
  const ends: (() => void)[] = [];
  let begun = false;
  let finished = false;
  /** Whether the consumer waits for the next message, with none on its way to it. */
  let idle = false;
  /** Messages told directly that are still being made, and when the last of them is sent. */
  let telling = 0;
  let told: Promise<void> | null = null;
  /** What the last item was made of, until it is told. */
  let made: { message: Message; version: number | undefined } | null = null;

  const stream = createStream<Message>(CAPACITY, () => ends.forEach((end) => end()));
  const finish = () => {
    finished = true;
    stream.end();
  };
  ends.push(
    ...subscribe((message) => {
      const name = key?.(message);
      if (name !== undefined && waiting.has(name)) return;
      if (name !== undefined) waiting.add(name);
      if (tell && shared && idle && telling < CAPACITY && tell.sink.hasRoom()) {
        told = sendDirectly(tell, message, () => shared(message));
        return;
      }
      idle = false;
      stream.push(message);
    }),
    rights.watch(signedIn(context.caller), organizationId, (loss) => {
      finish();
      context.transport.close?.(...ENDS[loss]);
    }),
  );

  /**
   * Who has nothing before a message in its queue is sent it without a turn of that queue: with thousands who watch, the
   * turns would take as long as the sending.
   */
  async function sendDirectly({ sink, message }: Tell, about: Message, reads: () => Reads): Promise<void> {
    telling += 1;
    const begun = version?.(about);
    try {
      const text = await message(about as object, () => each(about) as Promise<object | null>, reads);
      if (finished) return;
      // Not in this way, or of what was deleted while it was waited for.
      if (text && version?.(about) === begun) sink.send(text);
      else stream.push(about);
    } catch {
      // The ordinary way fails likewise, and says so.
      stream.push(about);
    } finally {
      telling -= 1;
    }
  }

  async function fill(): Promise<void> {
    if (!begun) {
      begun = true;
      if (about !== undefined) made = { message: about, version: version?.(about) };
      refresh(context);
      ready.push(...(await initial()));
      return;
    }
    made = null;
    idle = stream.size === 0;
    const step = await stream.next();
    idle = false;
    if (telling > 0) await told;
    if (step.done) {
      finished = true;
      return;
    }
    const message = step.value;
    if (key) waiting.delete(key(message));
    const item = await make(message);
    if (item !== null) ready.push(item);
  }

  /** Anew where what it was made of is deleted meanwhile. */
  async function make(message: Message): Promise<Item | null> {
    for (;;) {
      made = { message, version: version?.(message) };
      if (shared) use(context, shared(message));
      else refresh(context);
      const item = await each(message);
      if (version?.(message) === made.version) return item;
    }
  }

  async function next(): Promise<IteratorResult<Item, undefined>> {
    while (!finished && ready.length === 0) await fill();
    const item = finished ? undefined : ready.shift();
    if (item === undefined) return { value: undefined, done: true };
    if (last?.(item)) finish();
    return { value: item, done: false };
  }

  /** Whatever fails ends the subscription. */
  async function orEnd<T>(work: Promise<T>): Promise<T> {
    try {
      return await work;
    } catch (error) {
      finish();
      if (error instanceof SlowConsumerError) context.transport.close?.(TOO_SLOW, 'Subscriber too slow');
      throw error;
    }
  }

  return {
    next: () => orEnd(next()),
    renewed: () => (made && version?.(made.message) !== made.version ? orEnd(make(made.message)) : undefined),
    async return() {
      finished = true;
      await stream.return?.();
      return { value: undefined, done: true };
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
