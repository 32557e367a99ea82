import { defineEntity, p } from '@mikro-orm/core';
import type { InferEntity } from '@mikro-orm/core';
import { User } from './user.ts';

/** A signed-in browser. The cookie holds a random id; only its SHA-256 is stored. */
export const Session = defineEntity({
  name: 'Session',
  properties: {
    id: p.uuid().primary(),
    idHash: p.text().unique(),
    user: () => p.manyToOne(User).index(),
    createdAt: p.datetime(3),
    lastUsedAt: p.datetime(3),
    /** Slides: seven days after the last use. */
    expiresAt: p.datetime(3).index(),
    revokedAt: p.datetime(3).nullable(),
    userAgent: p.text().nullable(),
    address: p.text().nullable(),
  },
});
export type Session = InferEntity<typeof Session>;
