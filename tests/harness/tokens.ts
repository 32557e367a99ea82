import { crc32 } from 'node:zlib';

/** Appends the checksum that makes a forged token body look right; written from the format, not from Relay's code. */
export function signed(body: string): string {
  return body + crc32(body).toString(36).padStart(7, '0');
}
