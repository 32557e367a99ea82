import { defineEntity, p } from '@mikro-orm/core';
import type { InferEntity } from '@mikro-orm/core';
import { Organization } from './organization.ts';
import { tokenProperties } from './token.ts';

/** A backend that sends events. `slug` is the public App ID: unique in its organisation, never changed. */
export const App = defineEntity({
  name: 'App',
  properties: {
    id: p.uuid().primary(),
    organization: () => p.manyToOne(Organization),
    slug: p.text(),
    name: p.text(),
    createdAt: p.datetime(3),
    /** Null while active. */
    deactivatedAt: p.datetime(3).nullable(),
    lastConnectedAt: p.datetime(3).nullable(),
    /** The contents of what was accepted before this time are to be deleted, and since when nothing of them is left. */
    contentsUnwantedAt: p.datetime(3).nullable(),
    contentsDeletedAt: p.datetime(3).nullable(),
  },
  uniques: [{ name: 'app_organization_slug_unique', properties: ['organization', 'slug'] }],
});
export type App = InferEntity<typeof App>;

/** One token of an app. At most two are valid at a time: the current one and, during its grace, the previous one. */
export const AppToken = defineEntity({
  name: 'AppToken',
  properties: {
    ...tokenProperties,
    app: () => p.manyToOne(App).index(),
  },
});
export type AppToken = InferEntity<typeof AppToken>;
