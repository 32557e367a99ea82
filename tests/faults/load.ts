import type { Owner } from '../harness/seed.ts';
import type { App } from './app.ts';

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
