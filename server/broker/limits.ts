import type { Clock } from '../clock.ts';

/** A token bucket that holds one minute's worth and refills evenly. */
interface Bucket {
  tokens: number;
  filledAt: number;
}

/** How much an app may send through this node. */
export interface Limits {
  /** Takes one event's worth of an app's minute; else the ms until there is one again. */
  take(appId: string): { allowed: true } | { allowed: false; retryAfterMs: number };
  /** Whether the app has as many events dispatched and unanswered as it may have. */
  full(appId: string): boolean;
  dispatched(appId: string): void;
  answered(appId: string): void;
}

/** @param perMinute events per app and minute, 0 = none. @param inFlight dispatched and unanswered per app, 0 = none. */
export function createLimits(perMinute: number, inFlight: number, clock: Clock): Limits {
  const buckets = new Map<string, Bucket>();
  const flying = new Map<string, number>();
  const perMs = perMinute / 60_000;

  return {
    take(appId) {
      if (perMinute === 0) return { allowed: true };
      const now = clock.monotonic();
      let bucket = buckets.get(appId);
      if (!bucket) buckets.set(appId, (bucket = { tokens: perMinute, filledAt: now }));
      bucket.tokens = Math.min(perMinute, bucket.tokens + (now - bucket.filledAt) * perMs);
      bucket.filledAt = now;
      if (bucket.tokens < 1) return { allowed: false, retryAfterMs: Math.ceil((1 - bucket.tokens) / perMs) };
      bucket.tokens -= 1;
      return { allowed: true };
    },
    full: (appId) => inFlight > 0 && (flying.get(appId) ?? 0) >= inFlight,
    dispatched: (appId) => void flying.set(appId, (flying.get(appId) ?? 0) + 1),
    answered(appId) {
      const left = (flying.get(appId) ?? 0) - 1;
      if (left > 0) flying.set(appId, left);
      else flying.delete(appId);
    },
  };
}
