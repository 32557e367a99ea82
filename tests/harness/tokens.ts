import { crc32 } from 'node:zlib';

/** Appends the checksum that makes a forged token body look right; written from the format, not from Relay's code. */
export function signed(body: string): string {
  return body + crc32(body).toString(36).padStart(7, '0');
}

/**
 * The token with one character of its random part replaced and its checksum right again. `at`: 0 to 11 is in the lookup,
 * 12 to 49 in the secret.
 */
export function forged(token: string, at: number): string {
  const body = token.slice(0, -7);
  const where = body.length - 50 + at;
  return signed(body.slice(0, where) + (body[where] === 'a' ? 'b' : 'a') + body.slice(where + 1));
}

/** What becomes of a token in careless hands: none of these has a checksum that fits. */
export function mistyped(token: string): string[] {
  const other = (at: number) => token.slice(0, at) + (token[at] === 'a' ? 'b' : 'a') + token.slice(at + 1);
  const { length } = token;
  return [other(length - 1), other(length - 20), other(length - 57), token.slice(0, -1), `${token}0`];
}
