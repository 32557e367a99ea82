import { defineEntity, p } from '@mikro-orm/core';
import type { InferEntity } from '@mikro-orm/core';

/**
 * A sign-in code on its way to somebody's mailbox. Code and tries are bound to the browser that asked
 * (`browserHash`), so that a stranger who types the same address cannot lock its owner out.
 */
export const LoginCode = defineEntity({
  name: 'LoginCode',
  properties: {
    id: p.uuid().primary(),
    email: p.text().index(),
    /** SHA-256 of the asking browser's random cookie. */
    browserHash: p.text(),
    /** HMAC-SHA-256 of the code under RELAY_SECRET. */
    codeHash: p.text(),
    tries: p.smallint().default(0),
    createdAt: p.datetime(3),
    expiresAt: p.datetime(3).index(),
    lockedUntil: p.datetime(3).nullable(),
    consumedAt: p.datetime(3).nullable(),
  },
});
export type LoginCode = InferEntity<typeof LoginCode>;
