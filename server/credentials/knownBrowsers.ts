import { createHmac, timingSafeEqual } from 'node:crypto';
import { randomId } from './secrets.ts';

const ID_LENGTH = 43;
const MARK = /^[A-Za-z0-9_-]{86}$/;

/**
 * What a browser keeps once somebody has signed in with it as this address: an id of its own, sealed together with the
 * address. Only the pepper makes one, and nothing of it is stored.
 */
export function markBrowser(pepper: string, email: string): string {
  const id = randomId();
  return id + seal(pepper, email, id);
}

/** The id of a browser that has signed in as this address before; null for every other one. */
export function knownBrowser(pepper: string, email: string, mark: string | null): string | null {
  if (mark === null || !MARK.test(mark)) return null;
  const id = mark.slice(0, ID_LENGTH);
  const given = Buffer.from(mark.slice(ID_LENGTH));
  return timingSafeEqual(given, Buffer.from(seal(pepper, email, id))) ? id : null;
}

function seal(pepper: string, email: string, id: string): string {
  return createHmac('sha256', pepper).update(`relay browser\0${email}\0${id}`).digest('base64url');
}
