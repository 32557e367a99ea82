import { defineEntity, p } from '@mikro-orm/core';
import type { InferEntity } from '@mikro-orm/core';

/** A person who signs in to the dashboard; `email` is stored trimmed and in lower case. */
export const User = defineEntity({
  name: 'User',
  // "user" is a reserved word in PostgreSQL.
  tableName: 'user_account',
  properties: {
    id: p.uuid().primary(),
    email: p.text().unique(),
    createdAt: p.datetime(3),
  },
});
export type User = InferEntity<typeof User>;
