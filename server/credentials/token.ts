import { randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { isSlug, SLUG_MAX } from './slug.ts';

/** Whose token it is: an app's (`rlk_`), an agent's (`rla_`), or an organisation's API key (`rlo_`). */
export type TokenKind = 'app' | 'agent' | 'key';

const PREFIX: Record<TokenKind, string> = { app: 'rlk_', agent: 'rla_', key: 'rlo_' };

const ALPHABET = '0123456789abcdefghijklmnopqrstuvwxyz';
const BASE = ALPHABET.length;

/** Characters of the public part, unique in the database. */
const LOOKUP_LENGTH = 12;
/** Characters of the secret part: 38 × log2(36) = 196 bits. */
const SECRET_LENGTH = 38;
/** Characters of the CRC-32: 2^32 − 1 has seven digits in base 36. */
const CHECKSUM_LENGTH = 7;

const RANDOM_LENGTH = LOOKUP_LENGTH + SECRET_LENGTH + CHECKSUM_LENGTH;
const RANDOM = new RegExp(`^[0-9a-z]{${RANDOM_LENGTH}}$`);
const LOOKUP = new RegExp(`^[0-9a-z]{${LOOKUP_LENGTH}}$`);
const PREFIX_LENGTH = 4;
const LONGEST = PREFIX_LENGTH + SLUG_MAX + 1 + RANDOM_LENGTH;
const SHORTEST = PREFIX_LENGTH + 1 + 1 + RANDOM_LENGTH;

/** A new token for the owner named `id` (a slug). `token` is the only copy of the secret; `lookup` may be stored as is. */
export function mintToken(kind: TokenKind, id: string): { token: string; lookup: string } {
  if (!isSlug(id)) throw new TypeError('a token is minted for a slug');
  const lookup = randomBase36(LOOKUP_LENGTH);
  const body = `${PREFIX[kind]}${id}_${lookup}${randomBase36(SECRET_LENGTH)}`;
  return { token: body + checksum(body), lookup };
}

/**
 * Takes a token of the given kind apart, or answers null. The refusals stand in order of cost, and the checksum is the
 * last: a mistyped, truncated or invented token costs neither a query nor a hash.
 */
export function parseToken(kind: TokenKind, text: string): { id: string; lookup: string } | null {
  if (text.length < SHORTEST || text.length > LONGEST) return null;
  if (!text.startsWith(PREFIX[kind])) return null;
  const cut = text.length - RANDOM_LENGTH;
  if (text[cut - 1] !== '_') return null;
  const id = text.slice(PREFIX_LENGTH, cut - 1);
  if (!isSlug(id)) return null;
  if (!RANDOM.test(text.slice(cut))) return null;
  const body = text.slice(0, -CHECKSUM_LENGTH);
  if (checksum(body) !== text.slice(-CHECKSUM_LENGTH)) return null;
  return { id, lookup: text.slice(cut, cut + LOOKUP_LENGTH) };
}

/** Whether a text could be the public part of a token. */
export function isLookup(text: string): boolean {
  return LOOKUP.test(text);
}

/** Public on purpose, so it is compared without care for timing: it proves a careful copy, not knowledge of the secret. */
function checksum(body: string): string {
  return crc32(body).toString(BASE).padStart(CHECKSUM_LENGTH, '0');
}

/** `length` characters, each of the 36 equally likely: bytes from 252 up would favour the first four and are drawn again. */
function randomBase36(length: number): string {
  const limit = 256 - (256 % BASE);
  let text = '';
  while (text.length < length) {
    for (const byte of randomBytes(length - text.length)) {
      if (byte < limit) text += ALPHABET.charAt(byte % BASE);
    }
  }
  return text;
}
