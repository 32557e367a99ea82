import type { Pool } from 'pg';
import { networkOf } from '../address.ts';
import { knownBrowser } from '../credentials/knownBrowsers.ts';
import { createAllowance } from './allowance.ts';

/** Who asks, as far as limits go: `mark` is null in a browser that nobody has signed in with yet. */
interface Asker {
  address: string;
  mark: string | null;
}

/** How often codes may be asked for and tried. Both throw RateLimitedError. */
export interface SignInLimits {
  ask(browser: Asker, email: string): Promise<void>;
  guess(browser: Asker, email: string): Promise<void>;
}

const QUARTER_HOUR = 15 * 60;
const SIX_HOURS = 6 * 60 * 60;

/**
 * What all strangers together may ask of one mailbox is bounded, or codes could be guessed from many addresses; so they
 * can use it up. Its owner does not wait for that: a browser that has signed in before draws on an allowance of its own.
 */
export function createSignInLimits(pool: Pool, pepper: string): SignInLimits {
  const perPair = createAllowance(pool, 'pair', 5, QUARTER_HOUR);
  const perNetwork = createAllowance(pool, 'ip', 30, QUARTER_HOUR);
  const perEmail = createAllowance(pool, 'email', 15, SIX_HOURS);
  const perKnown = createAllowance(pool, 'known', 15, SIX_HOURS);
  const guesses = createAllowance(pool, 'guess', 60, QUARTER_HOUR);

  return {
    async ask({ address, mark }, email) {
      const known = knownBrowser(pepper, email, mark);
      if (known !== null) return perKnown.spend(known);
      const network = networkOf(address);
      await perNetwork.spend(network);
      await perPair.spend(`${email} ${network}`);
      await perEmail.spend(email);
    },
    guess: ({ address, mark }, email) =>
      guesses.spend(knownBrowser(pepper, email, mark) ?? networkOf(address)),
  };
}
