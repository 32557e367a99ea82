import { defineEntity, p } from '@mikro-orm/core';
import type { InferEntity } from '@mikro-orm/core';
import { Organization } from './organization.ts';
import { User } from './user.ts';

/** A script's credential for GraphQL. It acts with its creator's role and ends with that membership. */
export const ApiKey = defineEntity({
  name: 'ApiKey',
  properties: {
    id: p.uuid().primary(),
    organization: () => p.manyToOne(Organization).index(),
    createdBy: () => p.manyToOne(User).index(),
    name: p.text(),
    /** The key's public part, see `credentials/token.ts`. */
    lookup: p.text().unique(),
    hash: p.text(),
    createdAt: p.datetime(3),
    lastUsedAt: p.datetime(3).nullable(),
    expiresAt: p.datetime(3).nullable(),
    revokedAt: p.datetime(3).nullable(),
  },
});
export type ApiKey = InferEntity<typeof ApiKey>;
