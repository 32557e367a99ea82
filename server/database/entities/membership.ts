import { defineEntity, p } from '@mikro-orm/core';
import type { InferEntity } from '@mikro-orm/core';
import { Organization } from './organization.ts';
import { User } from './user.ts';

/** A person's place in an organisation. Owners do everything, members read. */
export const Membership = defineEntity({
  name: 'Membership',
  properties: {
    id: p.uuid().primary(),
    organization: () => p.manyToOne(Organization),
    user: () => p.manyToOne(User).index(),
    role: p.enum(['owner', 'member'] as const),
    createdAt: p.datetime(3),
  },
  uniques: [{ name: 'membership_organization_user_unique', properties: ['organization', 'user'] }],
});
export type Membership = InferEntity<typeof Membership>;
export type Role = 'owner' | 'member';
