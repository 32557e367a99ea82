import argon2 from 'argon2';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { mintToken } from '../../server/credentials/token.ts';
import { createVerifier } from '../../server/credentials/verifier.ts';
import { OverloadedError } from '../../server/errors.ts';

afterEach(() => vi.restoreAllMocks());

describe('the verifier', () => {
  it('stores a salted Argon2id hash of the whole token at the stated cost', async () => {
    const verifier = createVerifier();
    const { token } = mintToken('app', 'portal');
    const [first, second] = await Promise.all([verifier.hash(token), verifier.hash(token)]);
    expect(first).toMatch(/^\$argon2id\$v=19\$m=1024,p=1,t=2\$/);
    expect(second).not.toBe(first);
    expect(first).not.toContain(token);
  });

  it('accepts the token and refuses another one under the same lookup', async () => {
    const verifier = createVerifier();
    const { token, lookup } = mintToken('app', 'portal');
    const hash = await verifier.hash(token);
    expect(await verifier.verify(token, lookup, hash)).toBe(true);
    expect(await verifier.verify(mintToken('app', 'portal').token, lookup, hash)).toBe(false);
    expect(await verifier.verify(token, lookup, hash)).toBe(true);
  });

  it('tells apart two tokens that differ only in their last character', async () => {
    const verifier = createVerifier();
    const { token, lookup } = mintToken('app', 'a' + '-'.repeat(38) + '9');
    const hash = await verifier.hash(token);
    const altered = token.slice(0, -1) + (token.endsWith('0') ? '1' : '0');
    expect(await verifier.verify(altered, lookup, hash)).toBe(false);
  });

  it('computes a match once and remembers it, but never a mismatch', async () => {
    const verifier = createVerifier();
    const { token, lookup } = mintToken('app', 'portal');
    const wrong = mintToken('app', 'portal').token;
    const hash = await verifier.hash(token);
    const computations = vi.spyOn(argon2, 'verify');
    await verifier.verify(token, lookup, hash);
    await verifier.verify(token, lookup, hash);
    expect(computations).toHaveBeenCalledTimes(1);
    await verifier.verify(wrong, lookup, hash);
    await verifier.verify(wrong, lookup, hash);
    expect(computations).toHaveBeenCalledTimes(3);
  });

  it('forgets a match as soon as the stored hash is another one', async () => {
    const verifier = createVerifier();
    const { token, lookup } = mintToken('app', 'portal');
    expect(await verifier.verify(token, lookup, await verifier.hash(token))).toBe(true);
    const replaced = await verifier.hash(mintToken('app', 'portal').token);
    expect(await verifier.verify(token, lookup, replaced)).toBe(false);
  });

  it('remembers a bounded number of matches', async () => {
    const verifier = createVerifier({ remembered: 2 });
    const tokens = [1, 2, 3].map(() => mintToken('app', 'portal'));
    const hashes = await Promise.all(tokens.map(({ token }) => verifier.hash(token)));
    const check = (n: number) => verifier.verify(tokens[n]!.token, tokens[n]!.lookup, hashes[n]!);
    const computations = vi.spyOn(argon2, 'verify');
    await check(0);
    await check(1);
    await check(0);
    await check(2);
    expect(computations).toHaveBeenCalledTimes(3);
    await check(0);
    expect(computations).toHaveBeenCalledTimes(3);
    await check(1);
    expect(computations).toHaveBeenCalledTimes(4);
  });

  it('shares one computation among all who present the same token at once', async () => {
    const verifier = createVerifier();
    const { token, lookup } = mintToken('app', 'portal');
    const hash = await verifier.hash(token);
    const computations = vi.spyOn(argon2, 'verify');
    const results = await Promise.all(
      Array.from({ length: 200 }, () => verifier.verify(token, lookup, hash)),
    );
    expect(results.every(Boolean)).toBe(true);
    expect(computations).toHaveBeenCalledTimes(1);
  });

  it('refuses a flood of wrong secrets for one lookup and still serves the others soon', async () => {
    const verifier = createVerifier();
    const target = mintToken('app', 'portal');
    const other = mintToken('app', 'flow');
    const targetHash = await verifier.hash(target.token);
    const otherHash = await verifier.hash(other.token);
    let floodDone = 0;
    const flood = Array.from({ length: 500 }, () =>
      verifier
        .verify(mintToken('app', 'portal').token, target.lookup, targetHash)
        .finally(() => (floodDone += 1))
        .catch((error: unknown) => error),
    );
    const served = verifier.verify(other.token, other.lookup, otherHash).then((ok) => ({ ok, floodDone }));
    const outcomes = await Promise.all(flood);
    expect(outcomes.filter((outcome) => outcome instanceof OverloadedError)).toHaveLength(500 - 2 - 16);
    const refused = 500 - 2 - 16;
    const { ok, floodDone: before } = await served;
    expect(ok).toBe(true);
    // Two were running already, and lanes take turns: at most a few of the flood's 18 went first.
    expect(before - refused).toBeLessThanOrEqual(5);
  });

  it('bounds everything that waits and recovers from it', async () => {
    const verifier = createVerifier({ waiting: 4 });
    const { token, lookup } = mintToken('app', 'portal');
    const hash = await verifier.hash(token);
    const results = await Promise.allSettled(
      Array.from({ length: 10 }, (_, n) =>
        verifier.verify(mintToken('app', 'portal').token, `lookup${n}`, hash),
      ),
    );
    expect(results.filter((result) => result.status === 'rejected')).toHaveLength(4);
    expect(await verifier.verify(token, lookup, hash)).toBe(true);
  });

  it('runs no more than two computations at once', async () => {
    const verifier = createVerifier();
    const real = argon2.verify;
    let running = 0;
    let most = 0;
    vi.spyOn(argon2, 'verify').mockImplementation(async (hash, token) => {
      running += 1;
      most = Math.max(most, running);
      const matched = await real(hash, token);
      running -= 1;
      return matched;
    });
    const hash = await verifier.hash(mintToken('app', 'portal').token);
    await Promise.all(
      Array.from({ length: 40 }, (_, n) =>
        verifier.verify(mintToken('app', 'portal').token, `lookup${n}`, hash),
      ),
    );
    expect(most).toBe(2);
  });
});
