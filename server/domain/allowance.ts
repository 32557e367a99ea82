import type { Pool } from 'pg';
import { RateLimiterMemory, RateLimiterPostgres, RateLimiterRes } from 'rate-limiter-flexible';
import { sha256 } from '../credentials/secrets.ts';
import { RateLimitedError } from '../errors.ts';

/** A number of attempts in a time, for each key. */
export interface Allowance {
  /** Uses up one attempt; throws RateLimitedError where none is left. */
  spend(key: string): Promise<void>;
}

/**
 * Counted in PostgreSQL, for all nodes together and across restarts; while that cannot be reached, in memory. Keys are
 * addresses of people, so they are stored as hashes.
 */
export function createAllowance(pool: Pool, name: string, points: number, seconds: number): Allowance {
  const limit = { keyPrefix: name, points, duration: seconds };
  const limiter = new RateLimiterPostgres({
    ...limit,
    storeClient: pool,
    storeType: 'pool',
    tableName: 'rate_limit',
    tableCreated: true,
    clearExpiredByTimeout: false,
    // Whoever is refused costs no query until the time is over.
    inMemoryBlockOnConsumed: points + 1,
    insuranceLimiter: new RateLimiterMemory(limit),
  });
  return {
    async spend(key) {
      try {
        await limiter.consume(sha256(key));
      } catch (refusal) {
        if (!(refusal instanceof RateLimiterRes)) throw refusal;
        throw new RateLimitedError(Math.max(1, Math.ceil(refusal.msBeforeNext / 1_000)));
      }
    },
  };
}
