import { createHmac, timingSafeEqual } from 'node:crypto';
import { ValidationError } from '../errors.ts';

const SEAL_BYTES = 9;

/** Opaque positions in a list. A cursor holds only in the list (`scope`) that gave it; any other is refused. */
export interface Cursors {
  encode(scope: string, position: string): string;
  /** The position, or ValidationError naming `field`. */
  decode(scope: string, field: string, cursor: string): string;
}

/** Cursors are sealed with an HMAC, so that one forged or taken from another organisation's list is told apart. */
export function createCursors(secret: string): Cursors {
  const key = createHmac('sha256', secret).update('relay cursors').digest();

  function seal(scope: string, position: string): Buffer {
    return createHmac('sha256', key).update(`${scope}\0${position}`).digest().subarray(0, SEAL_BYTES);
  }

  return {
    encode(scope, position) {
      return Buffer.concat([seal(scope, position), Buffer.from(position)]).toString('base64url');
    },
    decode(scope, field, cursor) {
      const bytes = Buffer.from(cursor.slice(0, 1_000), 'base64url');
      const position = bytes.subarray(SEAL_BYTES).toString();
      const given = bytes.subarray(0, SEAL_BYTES);
      if (given.length === SEAL_BYTES && timingSafeEqual(given, seal(scope, position))) return position;
      throw new ValidationError([{ field, message: 'This cursor does not belong to this list.' }]);
    },
  };
}
