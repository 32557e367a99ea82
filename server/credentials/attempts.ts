import type { Clock } from '../clock.ts';
import { RateLimitedError } from '../errors.ts';

/** Failed attempts a minute from one address (protocol §10), and addresses kept in mind. */
const MOST_FAILURES = 30;
const MINUTE_MS = 60_000;
const MOST_ADDRESSES = 50_000;
/** Tokens that at least look right, from addresses that failed too often, looked at side by side. */
const NARROW_GATE = 8;

interface Failures {
  count: number;
  since: number;
}

/**
 * Throttles guessing per address. An address over its limit is refused without any work, except for tokens whose
 * checksum is right: these pass through a narrow gate, so that one misconfigured instance in a crash loop does not
 * lock out the healthy ones behind the same address.
 */
export class Attempts {
  private readonly clock: Clock;
  private readonly addresses = new Map<string, Failures>();
  private gate = 0;

  constructor(clock: Clock) {
    this.clock = clock;
  }

  /**
   * What `look` finds of a token that somebody at this address presents; null, and counted as failed, when it finds
   * nothing. `parsed` is null for what cannot be a token: it is not looked for. Throws RateLimitedError for what the
   * throttle refuses, and for failures beyond it.
   */
  async judge<P, T>(
    address: string,
    parsed: P | null,
    look: (parsed: P) => Promise<T | null>,
  ): Promise<T | null> {
    const blocked = this.blockedFor(address);
    const leave = blocked > 0 && parsed !== null ? this.squeeze() : null;
    if (blocked > 0 && !leave) throw tooMany(blocked);
    try {
      const found = parsed === null ? null : await look(parsed);
      if (found !== null) return found;
      this.failed(address);
      if (blocked > 0) throw tooMany(blocked);
      return null;
    } finally {
      leave?.();
    }
  }

  /** Seconds until the address may fail again; 0 while it may. */
  private blockedFor(address: string): number {
    const failures = this.addresses.get(address);
    if (!failures || failures.count < MOST_FAILURES) return 0;
    const left = failures.since + MINUTE_MS - this.clock.monotonic();
    if (left <= 0) this.addresses.delete(address);
    return Math.max(0, Math.ceil(left / 1_000));
  }

  private failed(address: string): void {
    const now = this.clock.monotonic();
    const failures = this.addresses.get(address);
    if (failures && now - failures.since < MINUTE_MS) {
      failures.count += 1;
      return;
    }
    this.addresses.delete(address);
    this.addresses.set(address, { count: 1, since: now });
    if (this.addresses.size > MOST_ADDRESSES)
      this.addresses.delete(this.addresses.keys().next().value as string);
  }

  /** Lets one more through the narrow gate; the returned function gives the place back. Null when it is full. */
  private squeeze(): (() => void) | null {
    if (this.gate >= NARROW_GATE) return null;
    this.gate += 1;
    return () => (this.gate -= 1);
  }
}

function tooMany(seconds: number): RateLimitedError {
  return new RateLimitedError(seconds, 'Too many failed attempts from this address.');
}
