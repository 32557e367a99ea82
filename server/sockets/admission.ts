import type { IncomingMessage } from 'node:http';
import { clientAddress } from '../address.ts';
import type { Trusts } from '../address.ts';
import type { Clock } from '../clock.ts';
import type { Attempts } from '../credentials/attempts.ts';
import { validityOf } from '../credentials/holders.ts';
import type { Holder, HolderKind } from '../credentials/holders.ts';
import type { Register } from '../credentials/register.ts';
import { parseToken } from '../credentials/token.ts';
import type { Verifier } from '../credentials/verifier.ts';
import { OverloadedError, RateLimitedError } from '../errors.ts';
import { UpgradeRefused } from './refusal.ts';

export interface AdmissionOptions {
  registers: Record<HolderKind, Register>;
  verifier: Verifier;
  attempts: Attempts;
  trusts: Trusts;
  clock: Clock;
}

/** Who stands at the door, before the upgrade. */
export interface Admitted {
  holder: Holder;
  address: string;
  extended: boolean;
  acks: boolean;
}

const NO_ENTRY = 'The token is missing, malformed, unknown or no longer valid.';

/** Checks everything that can be refused before an upgrade, the cheap things first. Throws UpgradeRefused. */
export async function admit(
  options: AdmissionOptions,
  kind: HolderKind,
  request: IncomingMessage,
): Promise<Admitted> {
  checkHandshake(request);
  const query = new URLSearchParams((request.url ?? '').split('?').slice(1).join('?'));
  const extended = offersRelay(request);
  const acks = query.get('ack') === '1';
  if (acks && (!extended || kind === 'agent')) {
    throw new UpgradeRefused(
      'BAD_REQUEST',
      'The parameter "ack" needs an app that speaks the subprotocol "relay.v1".',
    );
  }
  const address = clientAddress(request, options.trusts);
  const holder = await authenticate(options, kind, tokenOf(request, query), address);
  return { holder, address, extended, acks };
}

async function authenticate(
  options: AdmissionOptions,
  kind: HolderKind,
  token: string | null,
  address: string,
): Promise<Holder> {
  const parsed = token === null ? null : parseToken(kind, token);
  const known = token === null || parsed === null ? null : { token, ...parsed };
  const holder = await options.attempts
    .judge(address, known, (presented) => holderOf(options, kind, presented))
    .catch(refusal);
  if (!holder) throw new UpgradeRefused('UNAUTHORIZED', NO_ENTRY);
  return holder;
}

/** Null for whoever has no token that is valid now. Who holds one learns more: its owner may be deactivated. */
async function holderOf(
  { registers, verifier, clock }: AdmissionOptions,
  kind: HolderKind,
  { token, id, lookup }: { token: string; id: string; lookup: string },
): Promise<Holder | null> {
  const holder = await registers[kind].find(lookup).catch(() => {
    throw new UpgradeRefused('UNAVAILABLE', 'The database cannot be read now.', 5);
  });
  // No hash for what nobody holds: lookups are public, and whoever invents them must not cost time of the others.
  if (!holder || holder.slug !== id) return null;
  if (!(await verifier.verify(token, lookup, holder.hash))) return null;
  const validity = validityOf(holder, clock.now());
  if (validity === 'inactive') throw new UpgradeRefused('INACTIVE', `This ${kind} is deactivated.`);
  return validity === 'valid' ? holder : null;
}

function refusal(error: unknown): never {
  if (error instanceof RateLimitedError)
    throw new UpgradeRefused('TOO_MANY_ATTEMPTS', error.message, error.retryAfterSeconds);
  if (error instanceof OverloadedError)
    throw new UpgradeRefused('UNAVAILABLE', 'Too many connections at once.', 1);
  throw error;
}

/** The header wins over the query. */
function tokenOf(request: IncomingMessage, query: URLSearchParams): string | null {
  const header = request.headers.authorization;
  if (header === undefined) return query.get('token');
  return /^Bearer +(\S+)$/i.exec(header.trim())?.[1] ?? null;
}

function offersRelay(request: IncomingMessage): boolean {
  const offered = request.headers['sec-websocket-protocol'] ?? '';
  return offered.split(',').some((name) => name.trim() === 'relay.v1');
}

/** What the WebSocket library would refuse in plain text is refused here in the agreed form. */
function checkHandshake(request: IncomingMessage): void {
  const { headers } = request;
  if (request.method !== 'GET' || headers.upgrade?.toLowerCase() !== 'websocket') {
    throw new UpgradeRefused('BAD_REQUEST', 'This endpoint takes WebSocket connections only.');
  }
  if (
    headers['sec-websocket-version'] !== '13' ||
    !/^[+/0-9A-Za-z]{22}==$/.test(headers['sec-websocket-key'] ?? '')
  ) {
    throw new UpgradeRefused('BAD_REQUEST', 'The WebSocket handshake is malformed.');
  }
}
