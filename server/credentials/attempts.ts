import { networkOf } from '../address.ts';
import type { Clock } from '../clock.ts';
import { RateLimitedError } from '../errors.ts';

/** Failed attempts a minute from one address (protocol §10), and networks kept in mind. */
const MOST_FAILURES = 30;
const MINUTE_MS = 60_000;
const MOST_NETWORKS = 50_000;
/** Tokens that at least look right, from addresses that failed too often, looked at side by side. */
const NARROW_GATE = 8;
/** More of them wait their turn, so many of one address and so many in all: others must not fill the queue with theirs. */
const MOST_WAITING = 64;
const MOST_WAITING_IN_ALL = 1_024;

interface Failures {
  count: number;
  since: number;
  /** Tokens that wait before the gate. */
  waiting: number;
}

/**
 * Throttles guessing per address. An address over its limit is refused without any work, except for tokens whose
 * checksum is right: these pass through a narrow gate, so that one misconfigured instance in a crash loop does not
 * lock out the healthy ones behind the same address.
 */
export class Attempts {
  private readonly clock: Clock;
  private readonly networks = new Map<string, Failures>();
  private inside = 0;
  private readonly queue: (() => void)[] = [];

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
    const network = networkOf(address);
    const blocked = this.blockedFor(network);
    const leave = blocked > 0 && parsed !== null ? await this.squeeze(network) : null;
    if (blocked > 0 && !leave) throw tooMany(blocked);
    try {
      const found = parsed === null ? null : await look(parsed);
      if (found !== null) return found;
      this.failed(network);
      if (blocked > 0) throw tooMany(blocked);
      return null;
    } finally {
      leave?.();
    }
  }

  /** Seconds until the network may fail again; 0 while it may. */
  private blockedFor(network: string): number {
    const failures = this.networks.get(network);
    if (!failures || failures.count < MOST_FAILURES) return 0;
    const left = failures.since + MINUTE_MS - this.clock.monotonic();
    if (left <= 0) this.networks.delete(network);
    return Math.max(0, Math.ceil(left / 1_000));
  }

  private failed(network: string): void {
    const now = this.clock.monotonic();
    const failures = this.networks.get(network);
    if (failures && now - failures.since < MINUTE_MS) {
      failures.count += 1;
      return;
    }
    this.networks.delete(network);
    this.networks.set(network, { count: 1, since: now, waiting: 0 });
    if (this.networks.size > MOST_NETWORKS) this.networks.delete(this.networks.keys().next().value as string);
  }

  /** A place in the narrow gate, in turn; the returned function gives it back. Null when too many wait for one. */
  private async squeeze(network: string): Promise<(() => void) | null> {
    if (this.inside < NARROW_GATE) {
      this.inside += 1;
      return this.leave;
    }
    const failures = this.networks.get(network);
    if (!failures || failures.waiting >= MOST_WAITING || this.queue.length >= MOST_WAITING_IN_ALL)
      return null;
    failures.waiting += 1;
    // Whoever leaves hands the place over.
    await new Promise<void>((resolve) => this.queue.push(resolve));
    failures.waiting -= 1;
    return this.leave;
  }

  private readonly leave = (): void => {
    const next = this.queue.shift();
    if (next) next();
    else this.inside -= 1;
  };
}

function tooMany(seconds: number): RateLimitedError {
  return new RateLimitedError(seconds, 'Too many failed attempts from this address.');
}
