import { defineEntity, p } from '@mikro-orm/core';
import type { InferEntity } from '@mikro-orm/core';

/** What has been used up of a limit; the columns, and their order, are those rate-limiter-flexible expects. */
export const RateLimit = defineEntity({
  name: 'RateLimit',
  properties: {
    key: p.text().primary(),
    points: p.integer().default(0),
    /** Ms since the epoch. */
    expire: p.bigint('string').nullable().index(),
  },
});
export type RateLimit = InferEntity<typeof RateLimit>;
