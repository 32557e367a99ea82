import { NotOwnerError } from './broker/retention.ts';
import { ConfigError } from './config.ts';
import type { Config } from './config.ts';
import { EmbeddedError } from './database/embedded.ts';

/** Why no connection came about, by the system's, PostgreSQL's or OpenSSL's code. */
const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens at its address',
  ECONNRESET: 'what listens at its address ended the connection',
  ENOTFOUND: 'its host name is not known',
  EAI_AGAIN: 'its host name could not be looked up',
  ETIMEDOUT: 'its host does not answer',
  EHOSTUNREACH: 'its host cannot be reached',
  ENETUNREACH: 'its host cannot be reached',
  '28P01': 'role or password is wrong',
  '28000': 'it does not let this role in',
  '3D000': 'it has no database of this name',
  '53300': 'all its connections are taken: raise max_connections',
  '57P03': 'it is starting or ending: try again',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is not trusted',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate is not trusted',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate is not trusted',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another name',
};
/** What the driver says without a code. */
const SAYINGS: readonly [RegExp, string][] = [
  [/password must be a(?: non-empty)? string/, 'it asks for a password, and the URL has none'],
  [/does not support SSL/, 'it does not speak TLS, which the URL asks for'],
  [/Connection terminated unexpectedly/, 'what listens at its address ended the connection'],
  [/timeout expired|Connection terminated due to connection timeout/, 'its host does not answer'],
];
/** A statement that its role may not run. */
const INSUFFICIENT_PRIVILEGE = '42501';

interface Fault {
  code?: string;
  syscall?: string;
  hostname?: string;
}

/** What a person needs to read about a failed start, or null when it is a fault of Relay's own. */
export function startFault(error: unknown, config: Config | null): string | null {
  const told = [ConfigError, EmbeddedError, NotOwnerError].some((known) => error instanceof known);
  if (told) return (error as Error).message;
  const { code = '' } = (error ?? {}) as Fault;
  if (code === INSUFFICIENT_PRIVILEGE) {
    return `The database's role lacks a right (${code}). Run "relay migrate" with the owner of the tables in DATABASE_MIGRATION_URL.`;
  }
  return (config && listening(error as Fault, config)) ?? connecting(error, config);
}

function listening(
  { code = '', syscall, hostname }: Fault,
  { host, port, databaseUrl }: Config,
): string | null {
  if (code === 'EADDRINUSE') {
    return `Port ${port} on ${host} is in use. Stop what uses it, or set PORT to another one (0 = any).`;
  }
  if (syscall === 'listen' && (code === 'EACCES' || code === 'EADDRNOTAVAIL')) {
    return `Relay may not listen on ${host}, port ${port} (${code}).`;
  }
  const ofDatabase = databaseUrl !== null && new URL(databaseUrl).hostname === host;
  if ((code === 'ENOTFOUND' || code === 'EAI_AGAIN') && hostname === host && !ofDatabase) {
    return `Relay cannot listen on ${host} (${code}): set HOST to an address of this machine.`;
  }
  return null;
}

/** Never with what the URL holds. */
function connecting(error: unknown, config: Config | null): string | null {
  const code = (error as Fault | null)?.code;
  const message = error instanceof Error ? error.message : '';
  const saying = SAYINGS.find(([words]) => words.test(message))?.[1];
  const reason = code !== undefined && Object.hasOwn(REASONS, code) ? REASONS[code] : saying;
  if (reason === undefined) return null;
  return `The database cannot be used: ${reason}${code ? ` (${code})` : ''}. ${whereToLook(config)}`;
}

function whereToLook(config: Config | null): string {
  if (config?.databaseUrl === null) return `See postgres.log in ${config.dataDir}.`;
  return config?.databaseMigrationUrl
    ? 'Check DATABASE_URL and DATABASE_MIGRATION_URL.'
    : 'Check DATABASE_URL.';
}
