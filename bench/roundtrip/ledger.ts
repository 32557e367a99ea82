/** What one run of senders saw, and whether it is what was promised: nothing lost, nothing doubled, order kept. */
export interface LedgerReport {
  events: number;
  seconds: number;
  eventsPerSecond: number;
  p50Ms: number;
  p99Ms: number;
  /** Sent without an outcome, outcomes beyond the first, events out of their session's order, answers not whole. */
  lost: number;
  doubled: number;
  disordered: number;
  garbled: number;
}

/** Each client's own record of what it sent and got. */
export class Ledger {
  private readonly sentAt = new Map<string, number>();
  private readonly latencies: number[] = [];
  private readonly answered = new Set<string>();
  private readonly lastOfSession = new Map<string, number>();
  private doubled = 0;
  private disordered = 0;
  private garbled = 0;

  sent(key: string): void {
    this.sentAt.set(key, performance.now());
  }

  /** The agent got event `number` of a session; attempts of the same event may repeat it. */
  dispatched(session: string, number: number): void {
    const last = this.lastOfSession.get(session) ?? -1;
    if (number !== last && number !== last + 1) this.disordered += 1;
    this.lastOfSession.set(session, number);
  }

  /** @param whole whether tokens and reply were what the agent said */
  replied(key: string, whole: boolean): void {
    if (!whole) this.garbled += 1;
    if (this.answered.has(key)) {
      this.doubled += 1;
      return;
    }
    this.answered.add(key);
    this.latencies.push(performance.now() - (this.sentAt.get(key) ?? Number.NaN));
  }

  report(seconds: number): LedgerReport {
    const sorted = this.latencies.sort((a, b) => a - b);
    const at = (share: number) =>
      round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0);
    return {
      events: this.answered.size,
      seconds: round(seconds),
      eventsPerSecond: Math.round(this.answered.size / seconds),
      p50Ms: at(0.5),
      p99Ms: at(0.99),
      lost: this.sentAt.size - this.answered.size,
      doubled: this.doubled,
      disordered: this.disordered,
      garbled: this.garbled,
    };
  }
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
