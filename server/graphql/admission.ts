import { STATUS_CODES } from 'node:http';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { SESSION_COOKIE } from '../credentials/sessions.ts';
import type { Site } from './site.ts';
import { cookiesOf, isOwnOrigin } from './site.ts';

/** Why a request is not let in, as an RFC 9457 problem. */
export interface Refusal {
  status: number;
  code: string;
  detail: string;
  retryAfterSeconds?: number;
}

export function problemBody({ status, code, detail }: Refusal): string {
  return JSON.stringify({ type: 'about:blank', title: code, status, code, detail });
}

/** Answers an upgrade with the problem and ends the connection. */
export function refuseUpgrade(socket: Duplex, refusal: Refusal): void {
  const body = problemBody(refusal);
  const headers = [
    `HTTP/1.1 ${refusal.status} ${STATUS_CODES[refusal.status]}`,
    'connection: close',
    'content-type: application/problem+json',
    `content-length: ${Buffer.byteLength(body)}`,
    ...(refusal.retryAfterSeconds === undefined ? [] : [`retry-after: ${refusal.retryAfterSeconds}`]),
  ];
  socket.end(`${headers.join('\r\n')}\r\n\r\n${body}`, () => socket.destroy());
}

/**
 * Whether a browser sent this from another site: it then carries an Origin that is not Relay's own. Only requests with
 * a session cookie matter, since nothing else is attached by a browser on its own.
 */
export function foreignOrigin(site: Site, request: IncomingMessage): Refusal | null {
  const { origin } = request.headers;
  if (origin === undefined || !cookiesOf(site, request).has(SESSION_COOKIE)) return null;
  if (isOwnOrigin(site, request, origin)) return null;
  return { status: 403, code: 'FOREIGN_ORIGIN', detail: 'This request comes from another site.' };
}

/** Forms of other sites can post only other types than this one without asking first. */
export function unsupportedType(request: IncomingMessage): Refusal | null {
  if (request.method !== 'POST') return null;
  const type = (request.headers['content-type'] ?? '').split(';', 1)[0]!.trim().toLowerCase();
  if (type === 'application/json') return null;
  return { status: 415, code: 'UNSUPPORTED_TYPE', detail: 'Send application/json.' };
}

/** The token of an Authorization header; null when there is none. Any other scheme is a key that cannot be valid. */
export function bearer(header: unknown): string | null {
  if (typeof header !== 'string' || header === '') return null;
  return /^Bearer +(\S+)$/i.exec(header)?.[1] ?? '';
}
