import type { IncomingMessage } from 'node:http';
import type { Trusts } from '../address.ts';
import { isHttps } from '../config.ts';
import { readCookies } from './cookies.ts';

/** Where browsers find Relay, as far as it was told. */
export interface Site {
  publicUrl: string | null;
  trusts: Trusts;
}

/** Whether a proxy that is trusted says that the browser came by https. */
function toldHttps({ trusts }: Site, request: IncomingMessage): boolean {
  return request.headers['x-forwarded-proto'] === 'https' && trusts(request.socket.remoteAddress ?? '');
}

/** Whether the browser came by https, as far as Relay or a proxy it trusts can tell. */
export function isSecure(site: Site, request: IncomingMessage): boolean {
  return isHttps(site.publicUrl) || toldHttps(site, request);
}

/** The cookies of a request that are Relay's own. */
export function cookiesOf(site: Site, request: IncomingMessage): Map<string, string> {
  return readCookies(request.headers.cookie, isSecure(site, request));
}

/**
 * Whether an Origin header names Relay's own: scheme, host and port of PUBLIC_URL or, where that is not set, those the
 * request came to. Only https is believed: where a proxy tells of http, or nobody of anything, TLS may have ended further out.
 */
export function isOwnOrigin(site: Site, request: IncomingMessage, origin: string): boolean {
  if (!URL.canParse(origin)) return false;
  const from = new URL(origin);
  if (from.protocol !== 'https:' && from.protocol !== 'http:') return false;
  const scheme = toldHttps(site, request) ? 'https:' : from.protocol;
  const own = site.publicUrl ?? `${scheme}//${request.headers.host}`;
  return URL.canParse(own) && new URL(own).origin === from.origin;
}
