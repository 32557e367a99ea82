import { NotOwnerError } from './broker/retention.ts';
import { ConfigError } from './config.ts';
import type { Config } from './config.ts';
import { EmbeddedError } from './database/embedded.ts';

const DATABASE_CODES = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  '28P01',
  '28000',
  '3D000',
]);
/** A statement that its role may not run. */
const INSUFFICIENT_PRIVILEGE = '42501';

/** What a person needs to read about a failed start, or null when it is a fault of Relay's own. */
export function startFault(error: unknown, config: Config | null): string | null {
  const told = [ConfigError, EmbeddedError, NotOwnerError].some((known) => error instanceof known);
  if (told) return (error as Error).message;
  const code = (error as { code?: string } | null)?.code ?? '';
  if (code === 'EADDRINUSE' && config) {
    return `Port ${config.port} on ${config.host} is in use. Stop what uses it, or set PORT to another one (0 = any).`;
  }
  if ((code === 'EACCES' || code === 'EADDRNOTAVAIL') && config) {
    return `Relay may not listen on ${config.host}, port ${config.port} (${code}).`;
  }
  if (code === INSUFFICIENT_PRIVILEGE) {
    return `The database's role lacks a right (${code}). Run "relay migrate" with the owner of the tables in DATABASE_MIGRATION_URL.`;
  }
  if (DATABASE_CODES.has(code)) return `The database cannot be used (${code}). Check DATABASE_URL.`;
  return null;
}
