import type { Owner } from '../harness/seed.ts';
import type { App } from './app.ts';
import { median } from './fault.ts';

/** One late turn of the scheduler on a busy machine, which a 99th percentile of a few milliseconds shows. */
export const NOISE_MS = 10;

const EVERY_MS = 4;

interface Load {
  /** Most events asked and not accepted, and most without an outcome. */
  unanswered: number;
  unsettled: number;
  threads: number;
}

/**
 * Keeps so many events under way until it is stopped; stopping returns how many were asked. One is always asked, also while
 * outcomes fail to come: else nobody would see whether Relay accepts.
 */
export function load(app: App, agent: Owner, { unanswered, unsettled, threads }: Load): () => number {
  let sent = 0;
  const room = () =>
    app.unanswered === 0 || (app.unanswered < unanswered && sent - app.outcomes.size < unsettled);
  const timer = setInterval(() => {
    while (room()) app.ask(agent, (sent += 1), `t${sent % threads}`);
  }, EVERY_MS);
  return () => {
    clearInterval(timer);
    return sent;
  };
}

/**
 * Sends so many events a second until the stretch is over, whether or not earlier ones were answered: a standstill delays
 * all that come during it. Resolves to the times from event to outcome, ms.
 */
export async function steadily(
  app: App,
  agent: Owner,
  perSecond: number,
  stretch: Promise<unknown>,
): Promise<number[]> {
  const before = app.latencies.length;
  const began = performance.now();
  let sent = 0;
  const first = app.sent.size;
  const send = setInterval(() => {
    const due = ((performance.now() - began) / 1_000) * perSecond;
    for (; sent < due; sent += 1) app.ask(agent, first + sent + 1, `t${sent % 40}`);
  }, 5);
  await stretch.finally(() => clearInterval(send));
  await app.settled();
  return app.latencies.slice(before);
}

/**
 * How many times as long events take during a fault, ms by ms of percentiles. Each is compared with the stretch just
 * before it: what else the machine does meanwhile changes from minute to minute.
 */
export function medianRatio(during: number[], without: number[]): number {
  return median(during.map((ms, pair) => Math.max(0, ms - NOISE_MS) / (without[pair] ?? 0)));
}
