import { builder } from '../builder.ts';
import { isEntity, MembershipRef, OrganizationRef, UserRef } from '../refs.ts';

export const RoleEnum = builder.enumType('Role', {
  description: 'What somebody may do in an organisation.',
  values: {
    OWNER: { value: 'owner', description: 'Everything.' },
    MEMBER: { value: 'member', description: 'Read.' },
  } as const,
});

builder.node(MembershipRef, {
  description: "A person's place in an organisation.",
  id: { resolve: (membership) => membership.id },
  isTypeOf: isEntity('Membership'),
  fields: (t) => ({
    role: t.field({ type: RoleEnum, description: 'The role.', resolve: ({ role }) => role }),
    user: t.field({
      type: UserRef,
      description: 'The person.',
      resolve: (membership, _args, { loaders }) => loaders.user.load(membership.user.id),
    }),
    organization: t.field({
      type: OrganizationRef,
      description: 'The organisation.',
      resolve: (membership, _args, { loaders }) => loaders.organization.load(membership.organization.id),
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'Since when.' }),
  }),
});
