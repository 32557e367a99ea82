import { reachablePage } from '../../domain/allowlist.ts';
import {
  registerApp,
  revokePreviousAppToken,
  rotateAppToken,
  setAppActive,
  updateApp,
} from '../../domain/apps.ts';
import { appFor, orNull } from '../../domain/caller.ts';
import { deleteAppContents } from '../../domain/contents.ts';
import { IdTakenError } from '../../domain/conflicts.ts';
import { eventPage } from '../../domain/history.ts';
import { statsOf } from '../../domain/stats.ts';
import { GRACE_DEFAULT } from '../../domain/tokens.ts';
import type { App } from '../../database/entities/app.ts';
import { NotFoundError } from '../../errors.ts';
import type { Types } from '../builder.ts';
import { builder } from '../builder.ts';
import { rowId } from '../ids.ts';
import { mutation } from '../mutation.ts';
import { previousInput } from './token.ts';
import {
  ActivityRef,
  AgentRef,
  AppRef,
  ConnectionStatusRef,
  isEntity,
  OrganizationRef,
  StatsRef,
  TokenRef,
} from '../refs.ts';
import { EventConnection, EventFilterInput, eventsCost, filterOf } from './eventFilter.ts';
import { statsArgs } from './stats.ts';

const ContentsDeletion = builder
  .objectRef<{ orderedAt: Date; completedAt: Date | null }>('ContentsDeletion')
  .implement({
    description: 'An order to delete what the events of an app carried.',
    fields: (t) => ({
      orderedAt: t.expose('orderedAt', {
        type: 'DateTime',
        description: 'When it was ordered; the contents of what was accepted before are shown to nobody.',
      }),
      completedAt: t.expose('completedAt', {
        type: 'DateTime',
        nullable: true,
        description:
          'When no event held any of them any more; null until then, at least three minutes from the order. Rows as they were stay in PostgreSQL until it vacuums, its write-ahead log until it is recycled, and backups.',
      }),
    }),
  });

builder.node(AppRef, {
  description: 'A backend that sends events and gets the answers.',
  id: { resolve: (app) => app.id },
  isTypeOf: isEntity('App'),
  fields: (t) => ({
    appId: t.exposeString('slug', { description: 'The App ID: unique in the organisation, never changed.' }),
    name: t.exposeString('name', { description: 'Display name, 1 to 80 characters.' }),
    active: t.boolean({
      description: 'Whether it may connect.',
      resolve: (app) => app.deactivatedAt == null,
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was registered.' }),
    deactivatedAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When it was deactivated; null while active.',
      resolve: (app) => app.deactivatedAt ?? null,
    }),
    contentsDeletion: t.field({
      type: ContentsDeletion,
      nullable: true,
      description: 'The latest order to delete the contents of its events; null when there was none.',
      resolve: ({ contentsUnwantedAt, contentsDeletedAt }) =>
        contentsUnwantedAt ? { orderedAt: contentsUnwantedAt, completedAt: contentsDeletedAt ?? null } : null,
    }),
    organization: t.field({
      type: OrganizationRef,
      description: 'The organisation it belongs to.',
      resolve: (app, _args, { loaders }) => loaders.organization.load(app.organization.id),
    }),
    connection: t.field({
      type: ConnectionStatusRef,
      description: 'Whether it is connected.',
      resolve: async (app, _args, { loaders }) => ({
        lastConnectedAt: app.lastConnectedAt ?? null,
        instances: await loaders.instances.load(app.id),
      }),
    }),
    tokens: t.field({
      type: [TokenRef],
      description: 'The newest ten tokens, newest first. At most two are valid.',
      resolve: (app, _args, { loaders }) => loaders.appTokens.load(app.id),
    }),
    events: t.connection(
      {
        type: EventConnection.node,
        description: 'The events it sent, newest first.',
        args: { filter: t.arg({ type: EventFilterInput, description: 'Which events.' }) },
        complexity: eventsCost,
        resolve: (app, { filter, ...args }, { work }) =>
          eventPage(work, { organizationId: app.organization.id, appId: app.id }, filterOf(filter), args),
      },
      EventConnection.page,
    ),
    reachableAgents: t.connection({
      type: AgentRef,
      description: 'The active agents it may reach, by Agent ID: those open to all and those that allow it.',
      resolve: (app, args, { work }) => reachablePage(work, app, args),
    }),
    activity: t.field({
      type: ActivityRef,
      description: 'Its last 24 hours in brief, for lists: `stats` has more.',
      resolve: (app, _args, { loaders }) => loaders.appActivity.load(app.id),
    }),
    stats: t.field({
      type: StatsRef,
      description: 'How its events ended and how long answers took.',
      args: statsArgs(t),
      resolve: (app, { range }, { work }) =>
        statsOf(work.reader, { organizationId: app.organization.id, appId: app.id }, range, work.clock.now()),
    }),
  }),
});

builder.queryField('app', (t) =>
  t.field({
    type: AppRef,
    nullable: true,
    description: "The app with this id; null when there is none or it is another organisation's.",
    args: { id: t.arg.id({ required: true, description: 'Its global id.' }) },
    resolve: (_root, { id }, { work, caller }) => orNull(appFor(work, caller, rowId('App', id), 'read')),
  }),
);

type Success = PothosSchemaTypes.ObjectFieldBuilder<Types, { app: App }>;
type Input = PothosSchemaTypes.InputFieldBuilder<Types, 'InputObject'>;

const idInput = (t: Input) => ({ id: t.id({ required: true, description: "The app's global id." }) });
const nameInput = (t: Input) => ({
  name: t.string({ required: true, description: 'Display name, 1 to 80 characters.' }),
});
const appField = (t: Success) => ({
  app: t.field({ type: AppRef, description: 'The app as it is now.', resolve: ({ app }) => app }),
});

mutation('registerApp', {
  description: 'Registers an app and makes its first token. Owners only.',
  input: (t) => ({
    organizationId: t.id({ required: true, description: "The organisation's global id." }),
    ...nameInput(t),
    appId: t.string({
      required: true,
      description:
        'The App ID: 1 to 40 lowercase letters, digits and inner hyphens, unique in the organisation. Cannot be changed later.',
    }),
  }),
  errors: [IdTakenError, NotFoundError],
  resolve: (input, { work, caller }) =>
    registerApp(work, caller, { ...input, organizationId: rowId('Organization', input.organizationId) }),
  success: (t) => ({
    ...appField(t as unknown as Success),
    token: t.exposeString('token', { description: 'The app token, `rlk_…`. Shown only here; store it now.' }),
  }),
});

mutation('updateApp', {
  description: 'Renames an app. Owners only.',
  input: (t) => ({ ...idInput(t), ...nameInput(t) }),
  errors: [NotFoundError],
  resolve: async ({ id, name }, { work, caller }) => ({
    app: await updateApp(work, caller, rowId('App', id), name),
  }),
  success: appField,
});

mutation('rotateAppToken', {
  description:
    'Makes a new token at once; the present one stays valid for the grace, any older one ends. Owners only.',
  input: (t) => ({
    ...idInput(t),
    graceSeconds: t.int({
      required: true,
      defaultValue: GRACE_DEFAULT,
      description: 'How long the present token stays valid, 0 to 86,400 seconds; 0 revokes it now.',
    }),
  }),
  errors: [NotFoundError],
  resolve: ({ id, graceSeconds }, { work, caller }) =>
    rotateAppToken(work, caller, rowId('App', id), graceSeconds),
  success: (t) => ({
    ...appField(t as unknown as Success),
    token: t.exposeString('token', {
      description: 'The new app token, `rlk_…`. Shown only here; store it now.',
    }),
    previousTokenExpiresAt: t.expose('previousTokenExpiresAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When the previous token ends; null when it has ended already.',
    }),
  }),
});

mutation('revokePreviousAppToken', {
  description: 'Ends the grace of the previous token now. Owners only.',
  input: (t) => ({ ...idInput(t), lookup: previousInput(t) }),
  errors: [NotFoundError],
  resolve: async ({ id, lookup }, { work, caller }) => ({
    app: await revokePreviousAppToken(work, caller, rowId('App', id), lookup),
  }),
  success: appField,
});

mutation('deleteAppContents', {
  description:
    'Deletes payload, answer, its metadata, error text and codes that an agent made up from everything an app has sent so far; Relay cannot bring them back. That there were events, and how they went, stays; so do thread, idempotency key and trace context. Events under way lose theirs when they are done. Owners only.',
  input: (t) => ({
    ...idInput(t),
    appId: t.string({ required: true, description: 'Its App ID once more, as a confirmation.' }),
  }),
  errors: [NotFoundError],
  resolve: async ({ id, appId }, { work, caller }) => ({
    app: await deleteAppContents(work, caller, { id: rowId('App', id), appId }),
  }),
  success: appField,
});

for (const active of [false, true]) {
  mutation(active ? 'reactivateApp' : 'deactivateApp', {
    description: active
      ? 'Lets an app connect again, with the tokens it had. Owners only.'
      : 'Closes the connections of an app and refuses new ones. Tokens and history are kept. Owners only.',
    input: idInput,
    errors: [NotFoundError],
    resolve: async ({ id }, { work, caller }) => ({
      app: await setAppActive(work, caller, rowId('App', id), active),
    }),
    success: appField,
  });
}
