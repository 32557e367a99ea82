import { join } from 'node:path';
import { owner } from './acme.ts';
import { onLine, openProcess, stopAll } from './processes.ts';
import { createKey, provision } from './provision.ts';

// Whatever database and mail server this environment names belong to real data: the demo uses neither.
const { DATABASE_URL: _database, DATABASE_MIGRATION_URL: _role, SMTP_URL: _mail, ...inherited } = process.env;
const dataDir = join(process.env['RELAY_DATA_DIR'] || '.relay', 'demo');
const env = { RELAY_LOG_LEVEL: 'warn', ...inherited, RELAY_DATA_DIR: dataDir };
const say = (line: string): void => void process.stdout.write(`${line}\n`);

let ending = false;
async function end(code: number): Promise<never> {
  ending = true;
  await stopAll();
  process.exit(code);
}
// A terminal and npm may both pass on the same Ctrl-C, so a second signal is not taken for impatience.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    if (!ending) void end(0);
  });
}
process.on('unhandledRejection', (error) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  if (!ending) void end(1);
});

const server = openProcess('server.ts', { env, stdout: 'pipe' });
server.once('exit', (code) => {
  if (!ending) void end(code ?? 1);
});
const url = await new Promise<string>((resolve) => {
  onLine(server, (line) => {
    const running = /^Relay is running at (\S+)/.exec(line)?.[1];
    if (running !== undefined) resolve(running);
    // Its own way in is for a first sign-up; the demo names its owner below.
    if (!line.startsWith('Open it and sign in')) say(line);
  });
});

const acme = await provision(url, dataDir, () => createKey(env));
const people = (file: string, token: string, more: NodeJS.ProcessEnv = {}): void => {
  if (ending) return;
  openProcess(file, { env: { ...inherited, RELAY_URL: url, RELAY_TOKEN: token, ...more }, again: true });
};
const burst = acme.hasHistory ? {} : { BURST: '15' };
people('athena.ts', acme.tokens.athena);
people('klyve.ts', acme.tokens.klyve);
people('portal.ts', acme.tokens.portal, burst);
people('flow.ts', acme.tokens.flow, { ...burst, INSTANCE: '1' });
people('flow.ts', acme.tokens.flow, { INSTANCE: '2' });
people('studio.ts', acme.tokens.studio, burst);

say('');
say(
  'Acme Corp is at work: the apps Portal, Flow (two instances) and Studio ask the agents athena and klyve.',
);
say(`  1. Open     ${url}`);
say(`  2. Sign in  ${owner}; the six-digit code appears here.`);
say(`Everything is kept in ${dataDir}. Ctrl-C ends it all.`);
