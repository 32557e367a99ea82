import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { CODE_MINUTES, issueCode, redeemCode } from '../credentials/codes.ts';
import { randomId, sha256 } from '../credentials/secrets.ts';
import { endSession, openSession } from '../credentials/sessions.ts';
import { User } from '../database/entities/user.ts';
import { RateLimitedError, UnavailableError } from '../errors.ts';
import type { Log } from '../log.ts';
import type { Caller } from './caller.ts';
import { signedIn } from './caller.ts';
import { newId } from './id.ts';
import type { Mailer } from './mail.ts';
import { Check } from './rules.ts';
import type { SignupRule } from './signup.ts';
import { signupState } from './signup.ts';
import type { Work } from './work.ts';
import { timeNow, write } from './work.ts';

/** A browser on its way in. `cookie` is null before it has asked for a code. */
export interface Browser {
  cookie: string | null;
  address: string;
  userAgent: string | null;
}

export interface SignIn {
  requestCode(work: Work, browser: Browser, email: string): Promise<RequestedCode>;
  /** `sessionCookie` is the only copy of the new session's id. */
  verifyCode(work: Work, browser: Browser, input: { email: string; code: string }): Promise<SignedIn>;
}

export interface RequestedCode {
  email: string;
  expiresAt: Date;
  /** Ties the code to the browser that asked. */
  browserCookie: string;
}

export interface SignedIn {
  sessionId: string;
  userId: string;
  sessionCookie: string;
}

export interface SignInOptions {
  pepper: string;
  rule: SignupRule;
  mailer: Mailer | null;
  /** Shows a code to whoever runs Relay in a terminal; null where that is not wanted. */
  announce: ((email: string, code: string) => void) | null;
  log: Log;
}

const QUARTER_HOUR = 15 * 60;
const DAY = 24 * 60 * 60;

export function createSignIn({ pepper, rule, mailer, announce, log }: SignInOptions): SignIn {
  // A stranger may use up what is left to their own address, but not the owner's share from elsewhere.
  const perPair = new RateLimiterMemory({ keyPrefix: 'pair', points: 5, duration: QUARTER_HOUR });
  const perAddress = new RateLimiterMemory({ keyPrefix: 'ip', points: 30, duration: QUARTER_HOUR });
  const perEmail = new RateLimiterMemory({ keyPrefix: 'email', points: 60, duration: DAY });
  const guesses = new RateLimiterMemory({ keyPrefix: 'guess', points: 60, duration: QUARTER_HOUR });

  /** The answer does not wait for the mail: how long that takes would tell known addresses from unknown ones. */
  function deliver(email: string, code: string): void {
    announce?.(email, code);
    mailer?.sendCode(email, code, CODE_MINUTES).catch((error: unknown) => {
      log.error({ err: error }, 'a sign-in code could not be mailed');
    });
  }

  return {
    async requestCode(work, browser, text) {
      const email = emailOf(text);
      if (!mailer && !announce)
        throw new UnavailableError('This Relay cannot send mail: SMTP_URL is not set.');
      await spend(perAddress, browser.address);
      await spend(perPair, `${email} ${browser.address}`);
      await spend(perEmail, email);
      const browserCookie = browser.cookie ?? randomId();
      const asker = { email, browserHash: sha256(browserCookie) };
      const { code, expiresAt } = await issueCode(work.em, pepper, asker, work.clock.now());
      if (await mayEnter(work, rule, email)) deliver(email, code);
      return { email, expiresAt, browserCookie };
    },

    async verifyCode(work, browser, input) {
      const check = new Check();
      const email = check.email('email', input.email);
      const code = input.code.replace(/[\s-]/g, '');
      if (!/^\d{6}$/.test(code)) check.fault('code', 'The code has six digits.');
      check.done();
      await spend(guesses, browser.address);
      const asker = { email, browserHash: sha256(browser.cookie ?? '') };
      await redeemCode(work.em, pepper, asker, code, work.clock.now());
      const user = await personOf(work, email);
      const { session, cookie } = await openSession(work.em, user.id, browser, work.clock.now());
      return { sessionId: session.id, userId: user.id, sessionCookie: cookie };
    },
  };
}

/** Ends the session the caller came with; throws ForbiddenError for scripts, which have none. */
export async function signOut(work: Work, who: Caller | null): Promise<void> {
  const { sessionId, userId } = signedIn(who, 'manage');
  if (!sessionId) return;
  await endSession(work.em, sessionId, work.clock.now());
  work.bus.publish('access.changed', { userId, sessionId, apiKeyId: null });
}

function emailOf(text: string): string {
  const check = new Check();
  const email = check.email('email', text);
  check.done();
  return email;
}

async function mayEnter(work: Work, rule: SignupRule, email: string): Promise<boolean> {
  // Both are always read, so that the answer takes the same time for known and unknown addresses.
  const { open } = await signupState(work.em, rule);
  const known = await work.em.count(User, { email });
  return open || known > 0;
}

async function personOf(work: Work, email: string): Promise<User> {
  return write(work, async (em) => {
    const createdAt = timeNow(work);
    await em.upsert(
      User,
      { id: newId(createdAt.getTime()), email, createdAt },
      {
        onConflictFields: ['email'],
        onConflictAction: 'ignore',
      },
    );
    return em.findOneOrFail(User, { email });
  });
}

async function spend(limiter: RateLimiterMemory, key: string): Promise<void> {
  try {
    await limiter.consume(key);
  } catch (refusal) {
    if (!(refusal instanceof RateLimiterRes)) throw refusal;
    throw new RateLimitedError(Math.max(1, Math.ceil(refusal.msBeforeNext / 1_000)));
  }
}
