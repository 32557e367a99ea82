import { InvalidCodeError, LockedError } from '../../credentials/codes.ts';
import { SESSION_COOKIE, SESSION_MS } from '../../credentials/sessions.ts';
import { personCaller } from '../../domain/callers.ts';
import { signOut } from '../../domain/signIn.ts';
import { ForbiddenError, RateLimitedError, UnavailableError } from '../../errors.ts';
import { builder } from '../builder.ts';
import type { Context } from '../context.ts';
import { BROWSER_COOKIE, BROWSER_SECONDS } from '../cookies.ts';
import { mutation } from '../mutation.ts';
import { ViewerRef } from '../refs.ts';

function cookieSetter(context: Context) {
  const { setCookie } = context.transport;
  if (!setCookie) throw new ForbiddenError('Sign in and out over HTTP: a WebSocket cannot set cookies.');
  return setCookie;
}

mutation('requestLoginCode', {
  description:
    'Sends a 6-digit sign-in code to an address. It is valid for 10 minutes in the browser that asked, with 5 tries. ' +
    'The answer is the same for known and unknown addresses.',
  input: (t) => ({
    email: t.string({ required: true, description: 'Where to send the code.' }),
  }),
  errors: [RateLimitedError, UnavailableError],
  resolve: async ({ email }, context) => {
    const setCookie = cookieSetter(context);
    const asked = await context.parts.signIn.requestCode(context.work, context.transport.browser, email);
    setCookie(BROWSER_COOKIE, asked.browserCookie, BROWSER_SECONDS);
    return { email: asked.email, expiresAt: asked.expiresAt };
  },
  success: (t) => ({
    email: t.exposeString('email', { description: 'The address, trimmed and in lower case.' }),
    expiresAt: t.expose('expiresAt', { type: 'DateTime', description: 'When the code expires.' }),
  }),
});

mutation('verifyLoginCode', {
  description:
    'Signs in with an e-mailed code: opens a session of 7 days, prolonged by use, and sets its cookie.',
  input: (t) => ({
    email: t.string({ required: true, description: 'The address the code was sent to.' }),
    code: t.string({ required: true, description: 'The six digits.' }),
  }),
  errors: [InvalidCodeError, LockedError, RateLimitedError],
  resolve: async (input, context) => {
    const setCookie = cookieSetter(context);
    const { work, parts, transport, caller: former } = context;
    const opened = await parts.signIn.verifyCode(work, transport.browser, input);
    // The session this browser may have had ends: a new sign-in has a new id and leaves no other behind.
    if (former?.sessionId) await signOut(work, former);
    setCookie(SESSION_COOKIE, opened.sessionCookie, SESSION_MS / 1_000);
    context.caller = await personCaller(work, opened.userId, opened.sessionId);
    return { viewer: context.caller };
  },
  success: (t) => ({
    viewer: t.field({
      type: ViewerRef,
      description: 'The person who is signed in now.',
      resolve: ({ viewer }) => viewer,
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
