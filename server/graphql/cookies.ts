import { ForbiddenError } from '../errors.ts';
import type { Transport } from './context.ts';

/** Ties a sign-in code to the browser that asked for it; it gives no access to anything. */
export const BROWSER_COOKIE = 'relay_browser';
export const BROWSER_SECONDS = 24 * 60 * 60;

/** Shows that this browser has signed in before; it gives no access to anything either. */
export const KNOWN_COOKIE = 'relay_known';
export const KNOWN_SECONDS = 365 * 24 * 60 * 60;

/** A browser takes a cookie of such a name only over https and for this very host: no neighbour can plant one. */
const HOST_PREFIX = '__Host-';
const NAME_VALUE = /^(__Host-)?([A-Za-z0-9_]+)=([A-Za-z0-9_-]{1,200})$/;

/**
 * The cookies of a Cookie header that could be Relay's, by their names without the prefix, which they have when they
 * are `secure` and only then. Of a name given twice with two values neither is there: one of them is a stranger's.
 */
export function readCookies(header: string | undefined, secure: boolean): Map<string, string> {
  const cookies = new Map<string, string>();
  const doubled = new Set<string>();
  for (const part of (header ?? '').slice(0, 16_384).split(';')) {
    const [, prefix, name, value] = NAME_VALUE.exec(part.trim()) ?? [];
    if (name === undefined || value === undefined || (prefix !== undefined) !== secure) continue;
    if ((cookies.get(name) ?? value) !== value) doubled.add(name);
    cookies.set(name, value);
  }
  for (const name of doubled) cookies.delete(name);
  return cookies;
}

/** A Set-Cookie value that scripts cannot read and other sites' posts do not carry. `maxAgeSeconds` 0 deletes it. */
export function cookieHeader(name: string, value: string, maxAgeSeconds: number, secure: boolean): string {
  const flags = `HttpOnly; SameSite=Lax; Path=/; Max-Age=${Math.floor(maxAgeSeconds)}`;
  return `${secure ? HOST_PREFIX : ''}${name}=${value}; ${flags}${secure ? '; Secure' : ''}`;
}

/** The way to set cookies; throws ForbiddenError where there is none. */
export function cookieSetter({ setCookie }: Transport): NonNullable<Transport['setCookie']> {
  if (!setCookie) throw new ForbiddenError('Sign in and out over HTTP: a WebSocket cannot set cookies.');
  return setCookie;
}
