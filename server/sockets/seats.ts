import type { Holder, HolderKind } from '../credentials/holders.ts';
import type { Metrics } from '../metrics.ts';

/** Connections that one token may have at a time (protocol §10). */
const MOST_PER_TOKEN = 1_000;

/** Counts open connections per token and tells the metrics who is connected. */
export class Seats {
  private readonly metrics: Metrics;
  private readonly tokens = new Map<string, number>();
  private readonly owners = new Map<string, number>();

  constructor(metrics: Metrics) {
    this.metrics = metrics;
  }

  /** Takes a seat; the returned function gives it back, once. Null when there is none. */
  take(kind: HolderKind, holder: Holder): (() => void) | null {
    const taken = this.tokens.get(holder.tokenId) ?? 0;
    if (taken >= MOST_PER_TOKEN) return null;
    this.tokens.set(holder.tokenId, taken + 1);
    this.owners.set(holder.ownerId, (this.owners.get(holder.ownerId) ?? 0) + 1);
    this.show(kind, holder, 1);
    let given = false;
    return () => {
      if (given) return;
      given = true;
      less(this.tokens, holder.tokenId);
      if (less(this.owners, holder.ownerId)) this.show(kind, holder, 0);
    };
  }

  private show(kind: HolderKind, { organizationSlug: organization, slug }: Holder, value: number): void {
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
