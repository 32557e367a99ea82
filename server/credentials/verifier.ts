import { createHmac, createSecretKey, randomBytes, timingSafeEqual } from 'node:crypto';
import argon2 from 'argon2';
import { FairQueue } from './fairQueue.ts';
import { LruMap } from './lruMap.ts';

/** Turns tokens into hashes for storage and checks presented tokens against them. */
export interface Verifier {
  /** The Argon2id hash (PHC string) of a whole token. Throws OverloadedError when too many computations wait. */
  hash(token: string): Promise<string>;
  /**
   * Whether `token` is the one behind `hash`. It says nothing about whether the token is valid now: expiry, revocation
   * and its owner's state are the caller's to read. Throws OverloadedError when too many computations wait.
   */
  verify(token: string, lookup: string, hash: string): Promise<boolean>;
}

export interface VerifierLimits {
  /** Argon2 computations at once. Each holds a thread of libuv's small pool, which files and DNS need too. */
  running: number;
  waiting: number;
  waitingPerLookup: number;
  /** Remembered matches; the least recently used one is forgotten first. */
  remembered: number;
}

/**
 * As many may wait as are back within seconds after a restart. Only tokens known to the database get this far, each
 * with a lane of its own, and a waiting one costs little beside the connection it came by.
 */
const LIMITS: VerifierLimits = { running: 2, waiting: 8_192, waitingPerLookup: 16, remembered: 20_000 };

/**
 * A small cost, deliberately: the secret is 196 random bits, so no dictionary helps whoever steals the table. What
 * remains to defend is the server's own time at a reconnect of everybody.
 */
const COST = { type: argon2.argon2id, memoryCost: 1024, timeCost: 2, parallelism: 1 } as const;

export function createVerifier(limits: Partial<VerifierLimits> = {}): Verifier {
  const { running, waiting, waitingPerLookup, remembered } = { ...LIMITS, ...limits };
  const queue = new FairQueue({ running, waiting, waitingPerLane: waitingPerLookup });
  const matches = new LruMap<string, Buffer>(remembered);
  const underWay = new Map<string, Promise<boolean>>();
  // The key lives and dies with the process: a fingerprint read out of memory is worth nothing elsewhere.
  const key = createSecretKey(randomBytes(32));
  let minted = 0;

  /** Stands for "this token against this hash": when either changes, what was remembered no longer fits. */
  function fingerprint(token: string, hash: string): Buffer {
    return createHmac('sha256', key).update(hash).update('\0').update(token).digest();
  }

  async function compute(token: string, lookup: string, hash: string, print: Buffer): Promise<boolean> {
    const matched = await queue.run(`verify ${lookup}`, () => argon2.verify(hash, token));
    if (matched) matches.set(lookup, print);
    return matched;
  }

  return {
    hash(token) {
      // A lane of its own for each: whoever may mint is known and limited elsewhere, and must not wait behind a flood.
      minted += 1;
      return queue.run(`mint ${minted}`, () => argon2.hash(token, COST));
    },

    async verify(token, lookup, hash) {
      const print = fingerprint(token, hash);
      const remembered = matches.get(lookup);
      if (remembered && timingSafeEqual(remembered, print)) return true;
      const name = print.toString('base64');
      const shared = underWay.get(name);
      if (shared) return shared;
      const result = compute(token, lookup, hash, print).finally(() => underWay.delete(name));
      underWay.set(name, result);
      return result;
    },
  };
}
