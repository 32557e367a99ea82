import { defineEntity, p } from '@mikro-orm/core';
import type { InferEntity } from '@mikro-orm/core';

/** A tenant. Every other row belongs, directly or through its owner, to exactly one of these. */
export const Organization = defineEntity({
  name: 'Organization',
  properties: {
    id: p.uuid().primary(),
    name: p.text(),
    slug: p.text().unique(),
    createdAt: p.datetime(3),
  },
});
export type Organization = InferEntity<typeof Organization>;
