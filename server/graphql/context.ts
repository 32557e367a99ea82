import type { Broker } from '../broker/broker.ts';
import type { Attempts } from '../credentials/attempts.ts';
import type { Caller } from '../domain/caller.ts';
import type { Inviter } from '../domain/inviter.ts';
import { shareOf } from '../domain/reader.ts';
import type { Readers } from '../domain/reader.ts';
import type { Browser, SignIn } from '../domain/signIn.ts';
import type { SignupRule } from '../domain/signup.ts';
import type { Work } from '../domain/work.ts';
import type { LiveEvents } from './live/events.ts';
import type { Rights } from './live/rights.ts';
import type { Tell } from './live/shared.ts';
import type { Sink } from './live/sink.ts';
import type { Loaders } from './loaders.ts';
import { createLoaders } from './loaders.ts';

/** What all operations share for as long as the server runs. */
export interface Parts {
  broker: Pick<Broker, 'send' | 'progress' | 'inFlight' | 'judge'>;
  /** Of keys that are not valid. */
  attempts: Attempts;
  signIn: SignIn;
  inviter: Inviter;
  signup: SignupRule;
  rights: Rights;
  liveEvents: LiveEvents;
  readers: Readers;
  /** A piece of work with a fork of its own, whose reads take `share`; without it, Relay's own. `watching`: see Readers. */
  work(share?: string, watching?: boolean): Work;
}

/** Where an operation came from. */
export interface Transport {
  browser: Browser;
  /** Null on a WebSocket, which cannot set cookies. */
  setCookie: ((name: string, value: string, maxAgeSeconds: number) => void) | null;
  /** Closes the WebSocket with a code of the protocol; null on HTTP, where the stream itself ends. */
  close: ((code: number, reason: string) => void) | null;
  /** A way round the queue of a WebSocket operation; null on HTTP. */
  sink: Sink | null;
}

export interface Reads {
  work: Work;
  loaders: Loaders;
}

/**
 * What resolvers have at hand: one for each operation. Plain data, since Yoga copies it into an object of its own; what
 * changes during an operation is changed in the object that resolvers are given.
 */
export interface Context extends Reads {
  parts: Parts;
  transport: Transport;
  caller: Caller | null;
  /** Set for a subscription that can be told what it shares with others without going through its queue. */
  tell: Tell | null;
}

export function createContext(
  parts: Parts,
  transport: Transport,
  work: Work,
  caller: Caller | null,
): Context {
  const own = { ...work, reader: parts.readers(shareOf(caller)) };
  return { parts, transport, caller, work: own, loaders: createLoaders(own), tell: null };
}

/** Before each item of a subscription: what was read for the last one must not be served again. */
export function refresh(context: Context): void {
  const work = context.parts.work(shareOf(context.caller), true);
  use(context, { work, loaders: createLoaders(work) });
}

/** Reads that several subscribers of the same change share. */
export function use(context: Context, { work, loaders }: Reads): void {
  context.work = work;
  context.loaders = loaders;
}
