import { defineEntity, p } from '@mikro-orm/core';
import type { InferEntity } from '@mikro-orm/core';
import { Organization } from './organization.ts';
import { tokenProperties } from './token.ts';
import { User } from './user.ts';

/** What a key may do: look, or change things as well. */
export const keyScopes = ['read', 'manage'] as const;
export type KeyScope = (typeof keyScopes)[number];

/** A script's credential for GraphQL. It acts with its creator's role and ends with that membership. */
export const ApiKey = defineEntity({
  name: 'ApiKey',
  properties: {
    ...tokenProperties,
    organization: () => p.manyToOne(Organization).index(),
    createdBy: () => p.manyToOne(User).index(),
    name: p.text(),
    scopes: p.array<KeyScope>().columnType('text[]').default(['read', 'manage']),
  },
});
export type ApiKey = InferEntity<typeof ApiKey>;
