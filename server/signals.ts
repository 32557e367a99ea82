import type { Log } from './log.ts';
import type { Relay } from './relay.ts';

/** Draining and closing together must be done before whoever sent the signal loses patience. */
const LONGEST_END_MS = 29_000;

/**
 * The first SIGTERM or SIGINT drains and ends with 0, the second ends at once. A start under way comes to its end first, since
 * what it has begun, PostgreSQL for one, would go on without it; how one that fails ends is for whoever waits for it.
 */
export function endOnSignals(starting: Promise<Relay>, log: Log): void {
  let ending = false;
  const end = async (signal: string): Promise<void> => {
    if (ending) process.exit(1);
    ending = true;
    log.info({ signal }, 'ending');
    setTimeout(() => {
      log.error('did not end in time');
      process.exit(1);
    }, LONGEST_END_MS).unref();
    const relay = await starting.catch(() => null);
    if (relay === null) return;
    await relay.drain();
    await relay.close();
    process.exit(0);
  };
  process.on('SIGTERM', (signal) => void end(signal));
  process.on('SIGINT', (signal) => void end(signal));
  // Whatever was going on is in an unknown state: better to start afresh, which loses nothing that was committed.
  const die = (error: unknown): void => {
    log.fatal({ err: error }, 'unexpected failure');
    process.exit(1);
  };
  process.on('unhandledRejection', die);
  process.on('uncaughtException', die);
}
