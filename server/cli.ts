import { parseArgs } from 'node:util';
import { verifyConservation } from './broker/conservation.ts';
import { Retention } from './broker/retention.ts';
import { systemClock } from './clock.ts';
import type { Config } from './config.ts';
import { parseConfig } from './config.ts';
import { createVerifier } from './credentials/verifier.ts';
import { keyScopes } from './database/entities/apiKey.ts';
import type { KeyScope } from './database/entities/apiKey.ts';
import { migrate } from './database/migrator.ts';
import { openDatabase } from './database/open.ts';
import type { OpenDatabase } from './database/open.ts';
import { openOrm } from './database/orm.ts';
import { examine } from './doctor.ts';
import { provisionApiKey } from './domain/apiKeys.ts';
import { RelayError } from './errors.ts';
import { createLog } from './log.ts';
import { startFault } from './startFault.ts';

const HELP = `Usage: relay <command>

  create-api-key --org SLUG --email OWNER [--name NAME] [--scope read|manage]
      Prints a new API key of the organisation, alone on stdout. Creates the organisation
      and its owner when they do not exist yet. A key with the scope "read" can change
      nothing; the usual one, "manage", reads as well.
  migrate
      Brings the database to this version's schema. The server does so itself at its start.
  retain
      Makes the partitions of the weeks to come and drops what is older than it is kept. The
      server does so itself every hour; run it daily where that does not know the owner of
      the tables.
  doctor
      Looks at configuration, database, schema and clocks, and says what to mend.
  verify
      Counts, on the live database, what would be lost or doubled: events, outcomes, keys,
      deadlines, connections. Ends with 0 when there is nothing.

Exit codes: 0 done, or nothing to mend; 1 failed, or something to mend; 2 wrong command line.

It reads the same environment variables as the server and uses the same database, whether or
not the server is running. From a clone: npm run --silent relay -- <command>
`;

class UsageError extends Error {}

const tell = (line: string): void => void process.stderr.write(`${line}\n`);
const print = (line: string): void => void process.stdout.write(`${line}\n`);
const log = createLog('warn');
let config: Config | null = null;

async function withDatabase<T>(config: Config, run: (database: OpenDatabase) => Promise<T>): Promise<T> {
  const opening = openDatabase(config, 'command', tell);
  closeOnSignals(opening);
  const database = await opening;
  try {
    return await run(database);
  } finally {
    await database.close();
  }
}

/** PostgreSQL that a command started would outlive it. A second signal ends at once. */
function closeOnSignals(opening: Promise<OpenDatabase>): void {
  const end = async (): Promise<void> => {
    await opening.then((database) => database.close()).catch(() => undefined);
    process.exit(1);
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void end());
}

const text = { type: 'string' } as const;
const KEY_OPTIONS = { org: text, email: text, name: text, scope: text };

async function createKey(config: Config, args: string[]): Promise<number> {
  const { values } = parseArgs({ args, options: KEY_OPTIONS, strict: true });
  const { org, email, name = 'Command line', scope = 'manage' } = values;
  if (org === undefined || email === undefined)
    throw new UsageError('create-api-key needs --org and --email.');
  if (scope !== 'read' && scope !== 'manage') throw new UsageError('--scope is "read" or "manage".');
  const scopes: KeyScope[] = scope === 'read' ? ['read'] : [...keyScopes];
  const key = await withDatabase(config, async (database) => {
    await migrate(database.ownerUrl, database.url, log);
    const orm = await openOrm(database.url);
    try {
      const means = { em: orm.em, clock: systemClock, verifier: createVerifier() };
      return (await provisionApiKey(means, { orgSlug: org, email, name, scopes })).key;
    } finally {
      await orm.close(true);
    }
  });
  print(key);
  return 0;
}

async function runMigrations(config: Config): Promise<number> {
  await withDatabase(config, ({ ownerUrl, url }) => migrate(ownerUrl, url, log));
  print('The database has the newest schema.');
  return 0;
}

async function retain(config: Config): Promise<number> {
  const { retentionDays: days } = config;
  await withDatabase(config, async ({ ownerUrl }) => {
    const retention = new Retention({ databaseUrl: ownerUrl, days, clock: systemClock, log });
    const done = await retention.round().finally(() => retention.close());
    print(
      done
        ? 'Partitions are ready for the weeks to come, and what is older than it is kept is gone.'
        : 'Another process is at it already; nothing was done.',
    );
  });
  return 0;
}

async function doctor(config: Config): Promise<number> {
  const findings = await withDatabase(config, (database) => examine(config, database, systemClock));
  for (const { verdict, text } of findings) print(`${verdict.padEnd(4)}  ${text}`);
  return findings.some(({ verdict }) => verdict === 'mend') ? 1 : 0;
}

async function verify({ retentionDays, ...config }: Config): Promise<number> {
  const scope = { now: Date.now(), retentionDays };
  const findings = await withDatabase({ retentionDays, ...config }, ({ url }) =>
    verifyConservation(url, scope),
  );
  for (const { violations, text } of findings) print(`${violations === 0 ? 'ok  ' : 'bad '}  ${text}`);
  return findings.every(({ violations }) => violations === 0) ? 0 : 1;
}

/** A command without options. Somebody who writes one relies on it, and is not to learn afterwards that it was ignored. */
function alone(command: (config: Config) => Promise<number>) {
  return async (config: Config, args: string[]): Promise<number> => {
    parseArgs({ args, options: {}, strict: true });
    return command(config);
  };
}

async function run(argv: string[]): Promise<number> {
  const [command, ...args] = argv;
  if (command === undefined || command === 'help' || argv.includes('--help') || argv.includes('-h')) {
    process.stdout.write(HELP);
    return command === undefined ? 2 : 0;
  }
  const commands: Record<string, (config: Config, args: string[]) => Promise<number>> = {
    'create-api-key': createKey,
    migrate: alone(runMigrations),
    retain: alone(retain),
    doctor: alone(doctor),
    verify: alone(verify),
  };
  const chosen = Object.hasOwn(commands, command) ? commands[command] : undefined;
  if (!chosen) throw new UsageError(`There is no command "${command}".`);
  return chosen((config = parseConfig(process.env)), args);
}

function isUsage(error: unknown): boolean {
  const code = (error as { code?: string } | null)?.code ?? '';
  return error instanceof UsageError || code.startsWith('ERR_PARSE_ARGS');
}

function explain(error: unknown): string {
  if (isUsage(error)) return `${(error as Error).message}\n\n${HELP}`;
  if (error instanceof RelayError) {
    return (
      (error.fields ?? []).map((fault) => `--${fault.field}: ${fault.message}`).join('\n') || error.message
    );
  }
  return startFault(error, config) ?? String((error as Error).stack);
}

try {
  process.exitCode = await run(process.argv.slice(2));
} catch (error) {
  tell(explain(error));
  process.exitCode = isUsage(error) ? 2 : 1;
}
