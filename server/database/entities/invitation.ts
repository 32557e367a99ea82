import { defineEntity, p } from '@mikro-orm/core';
import type { InferEntity } from '@mikro-orm/core';
import { Organization } from './organization.ts';
import { User } from './user.ts';

/**
 * Somebody is asked to join. It holds no secret: whoever accepts it must have signed in with a code mailed to `email`,
 * which proves more than a link would.
 */
export const Invitation = defineEntity({
  name: 'Invitation',
  properties: {
    id: p.uuid().primary(),
    organization: () => p.manyToOne(Organization).index(),
    /** Trimmed and in lower case. */
    email: p.text().index(),
    role: p.enum(['owner', 'member'] as const),
    invitedBy: () => p.manyToOne(User).index(),
    createdAt: p.datetime(3),
    expiresAt: p.datetime(3),
    acceptedAt: p.datetime(3).nullable(),
    revokedAt: p.datetime(3).nullable(),
  },
  uniques: [
    {
      name: 'invitation_open_unique',
      properties: ['organization', 'email'],
      where: 'accepted_at is null and revoked_at is null',
    },
  ],
});
export type Invitation = InferEntity<typeof Invitation>;
