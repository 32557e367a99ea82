import { flushCompileCache } from 'node:module';
import { systemClock } from './clock.ts';
import type { Config } from './config.ts';
import { parseConfig } from './config.ts';
import { createLog } from './log.ts';
import { startRelay } from './relay.ts';
import { endOnSignals } from './signals.ts';
import { startFault } from './startFault.ts';

const say = (line: string): void => void process.stdout.write(`${line}\n`);

let config: Config | null = null;
try {
  config = parseConfig(process.env);
  const log = createLog(config.logLevel);
  const starting = startRelay(config, { clock: systemClock, log, say });
  endOnSignals(starting, log);
  const relay = await starting;
  say(`Relay is running at ${relay.url}`);
  // Now rather than at the end, which may come without warning.
  flushCompileCache();
  if (config.printCodes) say('Open it and sign in with your e-mail address: the code appears here.');
} catch (error) {
  process.stderr.write(`${startFault(error, config) ?? String((error as Error).stack)}\n`);
  process.exit(1);
}
