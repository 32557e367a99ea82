import { randomBytes } from 'node:crypto';

/** A version 7 UUID: rows made later sort later, so new ones land at the end of every index. `time`: ms since the epoch. */
export function newId(time: number): string {
  const bytes = randomBytes(16);
  bytes.writeUIntBE(time, 0, 6);
  bytes[6] = 0x70 | (bytes[6]! & 0x0f);
  bytes[8] = 0x80 | (bytes[8]! & 0x3f);
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

/** The bound before which ids of earlier times sort, and no others. `time`: ms since the epoch. */
export function idFloor(time: number): string {
  const hex = Math.min(Math.max(time, 0), 0xffff_ffff_ffff).toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-0000-0000-000000000000`;
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Whether a text is a row id as Relay writes them; anything else never reaches a query. */
export function isRowId(text: string): boolean {
  return UUID.test(text);
}

/** The id of no row: what a filter by something unknown compares with. */
export const NOWHERE = '00000000-0000-0000-0000-000000000001';
