import argon2 from 'argon2';
import { vi } from 'vitest';

/** How many of so many wrong secrets for one lookup are looked at; the others are refused unseen. */
export const LANE = 2 + 16;

/**
 * Keeps every hash from being computed until the returned function lets them go: a verifier with more to do than it can.
 * Ends with `vi.restoreAllMocks()`.
 */
export function holdHashes(): () => void {
  const real = argon2.verify;
  const held = Promise.withResolvers<void>();
  vi.spyOn(argon2, 'verify').mockImplementation(async (hash, token) => {
    await held.promise;
    return real(hash, token);
  });
  return held.resolve;
}
