import { isIP } from 'node:net';
import { isAbsolute, resolve } from 'node:path';
import { z } from 'zod';

/** What Relay was told by its environment. Read once at the start; nothing else reads environment variables. */
export interface Config {
  host: string;
  /** 0 takes any free port. */
  port: number;
  publicUrl: string | null;
  /** null: run the bundled PostgreSQL inside `dataDir`. */
  databaseUrl: string | null;
  /** The role that owns the tables, when it differs from the one that serves. */
  databaseMigrationUrl: string | null;
  /** Absolute. */
  dataDir: string;
  smtpUrl: string | null;
  mailFrom: string;
  /** Pepper of sign-in codes. null only with the embedded database, which keeps a generated one in `dataDir`. */
  secret: string | null;
  /** null: open until the first organisation exists, then by invitation. */
  signup: 'open' | 'invite' | null;
  printCodes: boolean;
  /** Per app and node; 0 = no limit. The same for the next two. */
  eventsPerMinute: number;
  inFlight: number;
  backlog: number;
  /** 0 = for ever. */
  retentionDays: number;
  /** Addresses or CIDR ranges whose X-Forwarded-For is believed. */
  trustedProxies: string[];
  metricsToken: string | null;
  logLevel: string;
}

/** Everything wrong with the environment, in one message that never repeats a value. */
export class ConfigError extends Error {
  readonly faults: string[];

  constructor(faults: string[]) {
    super(
      `The configuration has ${faults.length === 1 ? 'a fault' : `${faults.length} faults`}:\n  ${faults.join('\n  ')}`,
    );
    this.name = 'ConfigError';
    this.faults = faults;
  }
}

const LOOPBACK = new Set(['127.0.0.1', '::1', '[::1]', 'localhost']);

/** Of a name or address, as `HOST` or a URL has it. */
export function isLoopback(host: string): boolean {
  return LOOPBACK.has(host);
}

/** Whether Relay is there for this machine alone: where it listens, and the address that people use. */
export function isLocal({ host, publicUrl }: Pick<Config, 'host' | 'publicUrl'>): boolean {
  return isLoopback(host) && (publicUrl === null || isLoopback(new URL(publicUrl).hostname));
}

export function isHttps(url: string | null): boolean {
  return url !== null && new URL(url).protocol === 'https:';
}

const wholeNumber = (fallback: number, max: number) =>
  z
    .string()
    .regex(/^\d{1,9}$/, 'must be a whole number')
    .transform(Number)
    .refine((value) => value <= max, `must be at most ${max}`)
    .default(fallback);

function urlOf(...protocols: string[]) {
  const expected = `must be a URL starting with ${protocols.map((p) => `${p}//`).join(' or ')}`;
  return z
    .string()
    .refine((text) => URL.canParse(text) && protocols.includes(new URL(text).protocol), expected)
    .optional();
}

/** An address, or a range such as 10.0.0.0/8. */
function isRange(text: string): boolean {
  const [address = '', bits, ...rest] = text.split('/');
  const family = isIP(address);
  if (family === 0 || rest.length > 0) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (family === 6 ? 128 : 32));
}

const environment = z.object({
  HOST: z.string().default('127.0.0.1'),
  PORT: wholeNumber(4000, 65_535),
  PUBLIC_URL: urlOf('http:', 'https:'),
  DATABASE_URL: urlOf('postgres:', 'postgresql:'),
  DATABASE_MIGRATION_URL: urlOf('postgres:', 'postgresql:'),
  RELAY_DATA_DIR: z.string().default('.relay'),
  SMTP_URL: urlOf('smtp:', 'smtps:'),
  MAIL_FROM: z.string().max(320).default('Relay <relay@localhost>'),
  RELAY_SECRET: z.string().min(32, 'must have at least 32 characters').optional(),
  RELAY_SIGNUP: z.enum(['open', 'invite'], 'must be "open" or "invite"').optional(),
  RELAY_PRINT_CODES: z
    .enum(['1', '0', 'true', 'false'], 'must be 1 or 0')
    .transform((text) => text === '1' || text === 'true')
    .optional(),
  RELAY_EVENTS_PER_MINUTE: wholeNumber(6_000, 100_000_000),
  RELAY_IN_FLIGHT: wholeNumber(1_000, 100_000_000),
  RELAY_BACKLOG: wholeNumber(100_000, 100_000_000),
  RELAY_RETENTION_DAYS: wholeNumber(30, 36_500),
  RELAY_TRUSTED_PROXIES: z
    .string()
    .default('')
    .transform((text) => text.split(/[\s,]+/).filter(Boolean))
    .refine((list) => list.every(isRange), 'must be a list of addresses or CIDR ranges'),
  RELAY_METRICS_TOKEN: z.string().min(16, 'must have at least 16 characters').optional(),
  RELAY_LOG_LEVEL: z
    .enum(
      ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'],
      'must be trace, debug, info, warn, error, fatal or silent',
    )
    .default('info'),
});

type Environment = z.infer<typeof environment>;

/** Rules that need more than one variable. */
function crossFaults(env: Environment): string[] {
  const faults: string[] = [];
  if (env.DATABASE_URL && !env.RELAY_SECRET) {
    faults.push('RELAY_SECRET is required with DATABASE_URL (32 random characters or more)');
  }
  if (env.DATABASE_MIGRATION_URL && !env.DATABASE_URL) {
    faults.push('DATABASE_MIGRATION_URL needs DATABASE_URL');
  }
  return faults;
}

function toConfig(env: Environment): Config {
  const local = !env.DATABASE_URL && !env.SMTP_URL && isLoopback(env.HOST);
  return {
    host: env.HOST,
    port: env.PORT,
    publicUrl: env.PUBLIC_URL ? env.PUBLIC_URL.replace(/\/+$/, '') : null,
    databaseUrl: env.DATABASE_URL ?? null,
    databaseMigrationUrl: env.DATABASE_MIGRATION_URL ?? null,
    dataDir: isAbsolute(env.RELAY_DATA_DIR) ? env.RELAY_DATA_DIR : resolve(env.RELAY_DATA_DIR),
    smtpUrl: env.SMTP_URL ?? null,
    mailFrom: env.MAIL_FROM,
    secret: env.RELAY_SECRET ?? null,
    signup: env.RELAY_SIGNUP ?? null,
    printCodes: env.RELAY_PRINT_CODES ?? local,
    eventsPerMinute: env.RELAY_EVENTS_PER_MINUTE,
    inFlight: env.RELAY_IN_FLIGHT,
    backlog: env.RELAY_BACKLOG,
    retentionDays: env.RELAY_RETENTION_DAYS,
    trustedProxies: env.RELAY_TRUSTED_PROXIES,
    metricsToken: env.RELAY_METRICS_TOKEN ?? null,
    logLevel: env.RELAY_LOG_LEVEL,
  };
}

/** Throws ConfigError naming every fault at once. An empty variable counts as absent. */
export function parseConfig(env: Record<string, string | undefined>): Config {
  const given = Object.fromEntries(
    Object.entries(env).filter(([, value]) => value !== undefined && value !== ''),
  );
  const parsed = environment.safeParse(given);
  if (!parsed.success) {
    // Single-variable faults hide the rules that need several, so those are judged on whatever parsed.
    const faults = parsed.error.issues.map((issue) => `${String(issue.path[0])} ${issue.message}`);
    throw new ConfigError([...faults, ...crossFaults(given as unknown as Environment)]);
  }
  const faults = crossFaults(parsed.data);
  if (faults.length > 0) throw new ConfigError(faults);
  return toConfig(parsed.data);
}
