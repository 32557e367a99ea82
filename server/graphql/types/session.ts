import { SESSION_COOKIE } from '../../credentials/sessions.ts';
import { deviceOf } from '../../domain/device.ts';
import { revokeSession, signOut, signOutEverywhere } from '../../domain/sessions.ts';
import { ForbiddenError, NotFoundError } from '../../errors.ts';
import { builder } from '../builder.ts';
import { rowId } from '../ids.ts';
import { mutation } from '../mutation.ts';
import { isEntity, SessionRef } from '../refs.ts';

builder.node(SessionRef, {
  description: 'A browser somebody is signed in with. Only its owner sees it.',
  id: { resolve: (session) => session.id },
  isTypeOf: isEntity('Session'),
  fields: (t) => ({
    device: t.string({
      description: 'Browser and system, as far as the browser says: "Firefox on Linux".',
      resolve: (session) => deviceOf(session.userAgent ?? null),
    }),
    address: t.string({
      nullable: true,
      description: 'The network address it was opened from.',
      resolve: (session) => session.address ?? null,
    }),
    current: t.boolean({
      description: 'Whether this very request came with it.',
      resolve: (session, _args, { caller }) => session.id === caller?.sessionId,
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was opened.' }),
    lastUsedAt: t.expose('lastUsedAt', {
      type: 'DateTime',
      description: 'When it was last used, to the minute.',
    }),
    expiresAt: t.expose('expiresAt', {
      type: 'DateTime',
      description: 'When it ends unless it is used before: seven days after its last use.',
    }),
  }),
});

const SignOutSuccess = builder.objectRef<{ ok: boolean }>('SignOutSuccess').implement({
  description: '`signOut` was done.',
  fields: (t) => ({ ok: t.exposeBoolean('ok', { description: 'Always true.' }) }),
});

builder.mutationField('signOut', (t) =>
  t.field({
    type: SignOutSuccess,
    description: "Ends this browser's session and every subscription opened with it.",
    errors: {
      types: [ForbiddenError],
      directResult: true,
      union: { name: 'SignOutResult', description: 'What `signOut` answers.' },
    },
    resolve: async (_root, _args, context) => {
      await signOut(context.work, context.caller);
      context.transport.setCookie?.(SESSION_COOKIE, '', 0);
      context.caller = null;
      return { ok: true };
    },
  }),
);

mutation('revokeSession', {
  description: "Signs one of the caller's own browsers out, and ends every subscription opened with it.",
  input: (t) => ({ id: t.id({ required: true, description: "The session's global id." }) }),
  errors: [NotFoundError],
  resolve: async ({ id }, { work, caller }) => {
    await revokeSession(work, caller, rowId('Session', id));
    return { id };
  },
  success: (t) => ({
    id: t.exposeID('id', { description: 'The global id of the session that has ended.' }),
  }),
});

mutation('signOutEverywhere', {
  description: 'Ends all sessions of the caller, and every subscription opened with them.',
  input: (t) => ({
    exceptThis: t.boolean({
      required: true,
      defaultValue: false,
      description: 'Whether the session that asks stays.',
    }),
  }),
  resolve: async ({ exceptThis }, context) => {
    const ended = await signOutEverywhere(context.work, context.caller, exceptThis);
    if (!exceptThis) {
      context.transport.setCookie?.(SESSION_COOKIE, '', 0);
      context.caller = null;
    }
    return { ended };
  },
  success: (t) => ({
    ended: t.exposeInt('ended', { description: 'How many sessions have ended.' }),
  }),
});
