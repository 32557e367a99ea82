import { p } from '@mikro-orm/core';

/** What a token is, whoever holds it. The token itself is nowhere: only its public part and an Argon2id hash. */
export const tokenProperties = {
  id: p.uuid().primary(),
  lookup: p.text().unique(),
  hash: p.text(),
  createdAt: p.datetime(3),
  lastUsedAt: p.datetime(3).nullable(),
  /** The end of the grace (of a key: its chosen end); null for what is current. */
  expiresAt: p.datetime(3).nullable(),
  revokedAt: p.datetime(3).nullable(),
};
