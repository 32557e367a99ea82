import type { Pool } from 'pg';
import type { Asker } from '../credentials/codes.ts';
import { CODE_MINUTES, issueCode, LockedError, redeemCode } from '../credentials/codes.ts';
import { markBrowser } from '../credentials/knownBrowsers.ts';
import { randomId, sha256 } from '../credentials/secrets.ts';
import { openSession } from '../credentials/sessions.ts';
import { Membership } from '../database/entities/membership.ts';
import { User } from '../database/entities/user.ts';
import { UnavailableError } from '../errors.ts';
import type { Log } from '../log.ts';
import { auditStranger } from './audit.ts';
import type { Caller } from './caller.ts';
import { personCaller } from './callers.ts';
import { deviceOf } from './device.ts';
import { newId } from './id.ts';
import { isInvited } from './invitations.ts';
import { codeLetter } from './letters.ts';
import type { Mailer } from './mail.ts';
import { Check } from './rules.ts';
import { auditOfPerson } from './sessions.ts';
import { createSignInLimits } from './signInLimits.ts';
import type { SignupRule } from './signup.ts';
import { signupState } from './signup.ts';
import type { Em, Work } from './work.ts';
import { timeNow, write } from './work.ts';

/** A browser on its way in. */
export interface Browser {
  /** null before it has asked for a code. */
  cookie: string | null;
  /** null where nobody has signed in with it before. */
  mark: string | null;
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

interface Entered {
  caller: Caller;
  sessionCookie: string;
}

export interface SignedIn extends Entered {
  /** By which the browser is known when it asks for a code for this address again. */
  browserMark: string;
}

export interface SignInOptions {
  /** Counts attempts. */
  pool: Pool;
  pepper: string;
  rule: SignupRule;
  mailer: Mailer | null;
  /** Shows a code to whoever runs Relay in a terminal; null where that is not wanted. */
  announce: ((email: string, code: string) => void) | null;
  log: Log;
}

export function createSignIn({ pool, pepper, rule, mailer, announce, log }: SignInOptions): SignIn {
  const limits = createSignInLimits(pool, pepper);

  /** The answer does not wait for the mail: how long that takes would tell known addresses from unknown ones. */
  function deliver(email: string, code: string): void {
    announce?.(email, code);
    mailer?.send(email, codeLetter(code, CODE_MINUTES)).catch((error: unknown) => {
      log.error({ err: error }, 'a sign-in code could not be mailed');
    });
  }

  /** Uses the code up. Nor does this answer wait for the log, which only members' addresses have. */
  async function redeem(work: Work, browser: Browser, asker: Asker, code: string): Promise<void> {
    try {
      await redeemCode(work.em, pepper, asker, code, work.clock.now());
    } catch (error) {
      if (error instanceof LockedError && error.begins) {
        auditLock(work, browser, asker.email).catch((failure: unknown) => {
          log.error({ err: failure }, 'a locked sign-in could not be recorded');
        });
      }
      throw error;
    }
  }

  return {
    async requestCode(work, browser, text) {
      const email = emailOf(text);
      if (!mailer && !announce)
        throw new UnavailableError('This Relay cannot send mail: SMTP_URL is not set.');
      await limits.ask(browser, email);
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
      await limits.guess(browser, email);
      await redeem(work, browser, { email, browserHash: sha256(browser.cookie ?? '') }, code);
      const entered = await write(work, (em) => enter(work, em, email, browser));
      return { ...entered, browserMark: markBrowser(pepper, email) };
    },
  };
}

function emailOf(text: string): string {
  const check = new Check();
  const email = check.email('email', text);
  check.done();
  return email;
}

async function mayEnter(work: Work, rule: SignupRule, email: string): Promise<boolean> {
  // All are always read, so that the answer takes the same time for known and unknown addresses.
  const { open } = await signupState(work.em, rule);
  const memberships = await work.em.count(Membership, { user: { email } });
  const invited = await isInvited(work.em, email, timeNow(work));
  return open || memberships > 0 || invited;
}

/** The person, their new session, and its entry in the audit log. */
async function enter(work: Work, em: Em, email: string, browser: Browser): Promise<Entered> {
  const at = timeNow(work);
  const user = { id: newId(at.getTime()), email, createdAt: at };
  await em.upsert(User, user, { onConflictFields: ['email'], onConflictAction: 'ignore' });
  const { id } = await em.findOneOrFail(User, { email });
  const { session, cookie } = await openSession(em, id, browser, at.getTime());
  const caller = await personCaller({ em }, id, session.id, browser.address);
  await auditOfPerson(em, caller, at, {
    action: 'SIGNED_IN',
    details: { device: deviceOf(browser.userAgent) },
  });
  return { caller, sessionCookie: cookie };
}

/** For each organization of the person, if the address is anybody's, that somebody tried five wrong codes. */
function auditLock(work: Work, browser: Browser, email: string): Promise<void> {
  const at = timeNow(work);
  return write(work, async (em) => {
    const memberships = await em.find(Membership, { user: { email } });
    for (const { user, organization } of memberships)
      await auditStranger(em, browser.address, at, {
        action: 'SIGN_IN_LOCKED',
        organizationId: organization.id,
        target: { type: 'User', id: user.id, name: email },
        details: { device: deviceOf(browser.userAgent) },
      });
  });
}
