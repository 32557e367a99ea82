import { InvalidCodeError, LockedError } from '../../credentials/codes.ts';
import { SESSION_COOKIE, SESSION_MS } from '../../credentials/sessions.ts';
import { signOut } from '../../domain/sessions.ts';
import { RateLimitedError, UnavailableError } from '../../errors.ts';
import { BROWSER_COOKIE, BROWSER_SECONDS, cookieSetter, KNOWN_COOKIE, KNOWN_SECONDS } from '../cookies.ts';
import { mutation } from '../mutation.ts';
import { ViewerRef } from '../refs.ts';

mutation('requestLoginCode', {
  description:
    'Sends a 6-digit sign-in code to an address. It is valid for 10 minutes in the browser that asked, with 5 tries. ' +
    'The answer is the same for known and unknown addresses.',
  input: (t) => ({
    email: t.string({ required: true, description: 'Where to send the code.' }),
  }),
  errors: [RateLimitedError, UnavailableError],
  resolve: async ({ email }, context) => {
    const setCookie = cookieSetter(context.transport);
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
    const setCookie = cookieSetter(context.transport);
    const { work, parts, transport, caller: former } = context;
    const opened = await parts.signIn.verifyCode(work, transport.browser, input);
    // The session this browser may have had ends: a new sign-in has a new id and leaves no other behind.
    if (former?.sessionId) await signOut(work, former);
    setCookie(SESSION_COOKIE, opened.sessionCookie, SESSION_MS / 1_000);
    setCookie(KNOWN_COOKIE, opened.browserMark, KNOWN_SECONDS);
    context.caller = opened.caller;
    return { viewer: opened.caller };
  },
  success: (t) => ({
    viewer: t.field({
      type: ViewerRef,
      description: 'The person who is signed in now.',
      resolve: ({ viewer }) => viewer,
    }),
  }),
});
