import type { Clock, Timer } from '../clock.ts';
import { connectDedicated } from '../database/dedicated.ts';
import { eventIdFloor } from '../domain/eventId.ts';
import type { Log } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import { RULES } from './sql/conservation.ts';
import type { Rule } from './sql/conservation.ts';
import { LONGEST_STEP_MS } from './sql/tally.ts';

const DAY_MS = 86_400_000;
const EVERY_MS = 300_000;
/** How far back the look every few minutes goes: twice its interval, so that no event falls between two of them. */
const RECENT_MS = 2 * EVERY_MS;
/** A look that takes longer than this is given up: watching must never be what a database is busy with. */
const RECENT_TIMEOUT = '10s';

export interface ConservationFinding {
  rule: Rule['name'];
  /** Rows that break the rule; 0 when it holds. */
  violations: number;
  /** One sentence for a person. */
  text: string;
}

export interface Scope {
  /** The clock deadlines were counted by, ms since the epoch. */
  now: number;
  /** Days that events are kept; 0 = for ever. What retention has dropped is not missed. */
  retentionDays: number;
  /** Look only at events accepted since then (ms since the epoch), and leave out rules that need the whole history. */
  since?: number;
}

/**
 * Whether nothing was lost and nothing doubled, judged on a live database in one snapshot. Reads only. Rejects when the
 * database is out of reach.
 */
export async function verifyConservation(databaseUrl: string, scope: Scope): Promise<ConservationFinding[]> {
  const recent = scope.since !== undefined;
  const settings = recent ? [`statement_timeout = '${RECENT_TIMEOUT}'`] : [];
  const client = await connectDedicated(databaseUrl, 'relay-verify', settings);
  try {
    await client.query('begin transaction isolation level repeatable read read only');
    // Before the snapshot: what retention moves out of a partition that it drops later would be in neither place.
    await client.query('lock table event in access share mode');
    const { rows } = await client.query<{ seconds: string }>(
      'select coalesce(max(queue_seconds + max_seconds + timeout_seconds), 0) as seconds from agent',
    );
    const values = bounds(scope, Number(rows[0]?.seconds) * 1_000);
    const findings: ConservationFinding[] = [];
    for (const rule of RULES) {
      if (recent && rule.whole) continue;
      const counted = await client.query<{ count: string }>(rule.text, values);
      findings.push(finding(rule, Number(counted.rows[0]?.count)));
    }
    await client.query('commit');
    return findings;
  } finally {
    await client.end();
  }
}

/** @param longestMs how long an event can take from its acceptance to its outcome */
function bounds({ now, retentionDays, since }: Scope, longestMs: number): unknown[] {
  const oldest = retentionDays === 0 ? null : now - retentionDays * DAY_MS;
  const lowest = since === undefined ? '' : eventIdFloor(since);
  // An event that was dropped may have had its outcome, and so its count, this much later.
  const whole = oldest === null ? new Date(0) : new Date(oldest + longestMs + 60_000);
  return [new Date(now), lowest, oldest === null ? '' : eventIdFloor(oldest), step(whole)];
}

function step(time: Date): Date {
  return new Date(Math.ceil(time.getTime() / LONGEST_STEP_MS) * LONGEST_STEP_MS);
}

function finding(rule: Rule, violations: number): ConservationFinding {
  const text = violations === 0 ? rule.holds : `${violations} ${rule.broken}`;
  return { rule: rule.name, violations, text };
}

export interface ConservationOptions {
  databaseUrl: string;
  retentionDays: number;
  clock: Clock;
  log: Log;
  metrics: Metrics;
}

/** Looks at the latest events every five minutes, on a connection of its own, and shows the result as a metric. */
export class Conservation {
  private readonly options: ConservationOptions;
  private readonly timer: Timer;
  private running: Promise<void> | null = null;

  constructor(options: ConservationOptions) {
    this.options = options;
    this.timer = options.clock.every(EVERY_MS, () => void this.run());
  }

  /** One look; resolves when it is over, also when it failed, which the next one makes good. */
  run(): Promise<void> {
    this.running ??= this.look()
      .catch((error: unknown) => this.options.log.warn({ err: error }, 'conservation could not be verified'))
      .finally(() => (this.running = null));
    return this.running;
  }

  async close(): Promise<void> {
    this.timer.cancel();
    await this.running;
  }

  private async look(): Promise<void> {
    const { databaseUrl, retentionDays, clock, log, metrics } = this.options;
    const now = clock.now();
    const scope = { now, retentionDays, since: now - RECENT_MS };
    for (const { rule, violations, text } of await verifyConservation(databaseUrl, scope)) {
      metrics.conservationViolations.set({ rule }, violations);
      if (violations > 0) log.error({ rule, violations }, text);
    }
  }
}
