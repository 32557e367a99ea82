import { ForbiddenError } from '../errors.ts';
import type { Transport } from './context.ts';

/** Ties a sign-in code to the browser that asked for it; it gives no access to anything. */
export const BROWSER_COOKIE = 'relay_browser';
export const BROWSER_SECONDS = 24 * 60 * 60;

const NAME_VALUE = /^([A-Za-z0-9_]+)=([A-Za-z0-9_-]{1,200})$/;

/** The cookies of a Cookie header that could be Relay's; the first of a name wins. */
export function parseCookies(header: string | undefined): Map<string, string> {
  const cookies = new Map<string, string>();
  for (const part of (header ?? '').slice(0, 16_384).split(';')) {
    const [, name, value] = NAME_VALUE.exec(part.trim()) ?? [];
    if (name !== undefined && value !== undefined && !cookies.has(name)) cookies.set(name, value);
  }
  return cookies;
}

/** A Set-Cookie value that scripts cannot read and other sites' posts do not carry. `maxAgeSeconds` 0 deletes it. */
export function cookieHeader(name: string, value: string, maxAgeSeconds: number, secure: boolean): string {
  const flags = `HttpOnly; SameSite=Lax; Path=/; Max-Age=${Math.floor(maxAgeSeconds)}`;
  return `${name}=${value}; ${flags}${secure ? '; Secure' : ''}`;
}

/** The way to set cookies; throws ForbiddenError where there is none. */
export function cookieSetter({ setCookie }: Transport): NonNullable<Transport['setCookie']> {
  if (!setCookie) throw new ForbiddenError('Sign in and out over HTTP: a WebSocket cannot set cookies.');
  return setCookie;
}
