import type { Holder, HolderKind } from '../credentials/holders.ts';
import type { Metrics } from '../metrics.ts';

/** Connections that one token may have at a time (protocol §10). */
const MOST_PER_TOKEN = 1_000;

/** Who sits, as far as it matters here. */
type Seated = Pick<Holder, 'tokenId' | 'ownerId' | 'slug' | 'organizationSlug'>;

/** Counts open connections per token and tells the metrics who is connected. */
export class Seats {
  private readonly metrics: Metrics;
  private readonly tokens = new Map<string, number>();
  private readonly owners = new Map<string, number>();

  constructor(metrics: Metrics) {
    this.metrics = metrics;
  }

  /** Takes a seat, to be given back by `leave`; false when there is none. */
  take(kind: HolderKind, who: Seated): boolean {
    const taken = this.tokens.get(who.tokenId) ?? 0;
    if (taken >= MOST_PER_TOKEN) return false;
    this.tokens.set(who.tokenId, taken + 1);
    this.owners.set(who.ownerId, (this.owners.get(who.ownerId) ?? 0) + 1);
    this.show(kind, who, 1);
    return true;
  }

  leave(kind: HolderKind, who: Seated): void {
    less(this.tokens, who.tokenId);
    if (less(this.owners, who.ownerId)) this.show(kind, who, 0);
  }

  private show(kind: HolderKind, { organizationSlug: organization, slug }: Seated, value: number): void {
    if (kind === 'app') this.metrics.appConnected.set({ organization, app: slug }, value);
    else this.metrics.agentConnected.set({ organization, agent: slug }, value);
  }
}

/** One less of a key; true when that was the last. */
function less(counts: Map<string, number>, key: string): boolean {
  const left = (counts.get(key) ?? 0) - 1;
  if (left > 0) counts.set(key, left);
  else counts.delete(key);
  return left <= 0;
}
