import { keyScopes } from '../../database/entities/apiKey.ts';
import type { ApiKey } from '../../database/entities/apiKey.ts';
import { createApiKey, revokeApiKey } from '../../domain/apiKeys.ts';
import { NotFoundError } from '../../errors.ts';
import type { Types } from '../builder.ts';
import { builder } from '../builder.ts';
import { rowId } from '../ids.ts';
import { mutation } from '../mutation.ts';
import { ApiKeyRef, isEntity, UserRef } from '../refs.ts';

const ScopeEnum = builder.enumType('ApiKeyScope', {
  description: 'What an API key may do, within the role of its creator.',
  values: {
    READ: { value: keyScopes[0], description: 'Look at everything, change nothing.' },
    MANAGE: { value: keyScopes[1], description: 'Change things as well; includes READ.' },
  },
});

builder.node(ApiKeyRef, {
  description:
    "A script's credential for this API. It acts with its creator's role and ends with that membership.",
  id: { resolve: (apiKey) => apiKey.id },
  isTypeOf: isEntity('ApiKey'),
  fields: (t) => ({
    name: t.exposeString('name', { description: 'Display name, 1 to 80 characters.' }),
    lookup: t.exposeString('lookup', {
      description: 'Its 12 public characters: the first of the random part, enough to recognise it by.',
    }),
    scopes: t.expose('scopes', { type: [ScopeEnum], description: 'What it may do.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was made.' }),
    lastUsedAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When it was last used, to the minute.',
      resolve: (apiKey) => apiKey.lastUsedAt ?? null,
    }),
    expiresAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When it expires; null: never.',
      resolve: (apiKey) => apiKey.expiresAt ?? null,
    }),
    revokedAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When it was revoked.',
      resolve: (apiKey) => apiKey.revokedAt ?? null,
    }),
    createdBy: t.field({
      type: UserRef,
      description: 'Whose rights it has.',
      resolve: (apiKey, _args, { loaders }) => loaders.user.load(apiKey.createdBy.id),
    }),
  }),
});

type Success = PothosSchemaTypes.ObjectFieldBuilder<Types, { apiKey: ApiKey }>;

const apiKeyField = (t: Success) => ({
  apiKey: t.field({ type: ApiKeyRef, description: 'The key as it is now.', resolve: ({ apiKey }) => apiKey }),
});

mutation('createApiKey', {
  description: 'Makes an API key for scripts. Owners only, signed in; not with an API key.',
  input: (t) => ({
    organizationId: t.id({ required: true, description: "The organisation's global id." }),
    name: t.string({ required: true, description: 'Display name, 1 to 80 characters.' }),
    scopes: t.field({ type: [ScopeEnum], description: 'What it may do; absent: READ and MANAGE.' }),
    expiresAt: t.field({ type: 'DateTime', description: 'When it expires; absent: never.' }),
  }),
  errors: [NotFoundError],
  resolve: (input, { work, caller }) =>
    createApiKey(work, caller, { ...input, organizationId: rowId('Organization', input.organizationId) }),
  success: (t) => ({
    ...apiKeyField(t as unknown as Success),
    key: t.exposeString('key', { description: 'The key itself, `rlo_…`. Shown only here; store it now.' }),
  }),
});

mutation('revokeApiKey', {
  description: 'Ends an API key and every subscription opened with it. Owners only, signed in.',
  input: (t) => ({ id: t.id({ required: true, description: "The key's global id." }) }),
  errors: [NotFoundError],
  resolve: async ({ id }, { work, caller }) => ({
    apiKey: await revokeApiKey(work, caller, rowId('ApiKey', id)),
  }),
  success: apiKeyField,
});
