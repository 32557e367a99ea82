import { createHash, createHmac, randomBytes, randomInt } from 'node:crypto';

/** 256 random bits for a cookie, base64url. */
export function randomId(): string {
  return randomBytes(32).toString('base64url');
}

/** How such an id is stored: it is uniformly random, so a plain SHA-256 cannot be searched. Hex. */
export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** Six digits, each code equally likely. */
export function randomCode(): string {
  return String(randomInt(1_000_000)).padStart(6, '0');
}

/** A code is short, so whoever reads the table could try them all: the pepper, which is not in it, prevents that. */
export function peppered(pepper: string, code: string, salt: string): string {
  return createHmac('sha256', pepper).update(`relay code\0${salt}\0${code}`).digest('hex');
}
