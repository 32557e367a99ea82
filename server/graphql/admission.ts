import { STATUS_CODES } from 'node:http';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { SESSION_COOKIE } from '../credentials/sessions.ts';
import { parseCookies } from './cookies.ts';

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

function hostOf(url: string): string | null {
  return URL.canParse(url) ? new URL(url).host : null;
}

/**
 * Whether a browser sent this from another site: it then carries an Origin that is neither PUBLIC_URL's nor the Host's.
 * Only requests with a session cookie matter, since nothing else is attached by a browser on its own.
 */
export function foreignOrigin(request: IncomingMessage, publicUrl: string | null): Refusal | null {
  const { origin, host, cookie } = request.headers;
  if (origin === undefined || !parseCookies(cookie).has(SESSION_COOKIE)) return null;
  const own = [host, publicUrl === null ? null : hostOf(publicUrl)];
  const from = hostOf(origin);
  if (from !== null && own.includes(from)) return null;
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
