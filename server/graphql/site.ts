import type { IncomingMessage } from 'node:http';
import type { Trusts } from '../address.ts';
import { isHttps } from '../config.ts';
import { readCookies } from './cookies.ts';

/** Where browsers find Relay, as far as it was told. */
export interface Site {
  publicUrl: string | null;
  trusts: Trusts;
}

/** The scheme a browser came by, in the words of a proxy that is trusted; null where there is none to say so. */
function toldScheme({ trusts }: Site, request: IncomingMessage): string | null {
  const told = request.headers['x-forwarded-proto'];
  return (told === 'http' || told === 'https') && trusts(request.socket.remoteAddress ?? '') ? told : null;
}

/** Whether the browser came by https, as far as Relay or a proxy it trusts can tell. */
export function isSecure(site: Site, request: IncomingMessage): boolean {
  return isHttps(site.publicUrl) || toldScheme(site, request) === 'https';
}

/** The cookies of a request that are Relay's own. */
export function cookiesOf(site: Site, request: IncomingMessage): Map<string, string> {
  return readCookies(request.headers.cookie, isSecure(site, request));
}

/**
 * Whether an Origin header names Relay's own: scheme, host and port of PUBLIC_URL or, where that is not set, those the
 * request came to. Where nobody told the scheme any will do, since TLS may end at a proxy that Relay does not know of.
 */
export function isOwnOrigin(site: Site, request: IncomingMessage, origin: string): boolean {
  if (!URL.canParse(origin)) return false;
  const from = new URL(origin);
  if (from.protocol !== 'https:' && from.protocol !== 'http:') return false;
  const scheme = toldScheme(site, request) ?? from.protocol.slice(0, -1);
  const own = site.publicUrl ?? `${scheme}://${request.headers.host}`;
  return URL.canParse(own) && new URL(own).origin === from.origin;
}
