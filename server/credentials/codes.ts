import { randomUUID, timingSafeEqual } from 'node:crypto';
import type { Orm } from '../database/orm.ts';
import { LoginCode } from '../database/entities/loginCode.ts';
import { RateLimitedError, RelayError } from '../errors.ts';
import { peppered, randomCode } from './secrets.ts';

type Em = Orm['em'];

export const CODE_MINUTES = 10;
const CODE_TRIES = 5;
const LOCK_MINUTES = 15;
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

/** The code is wrong, expired or was never sent; `attemptsLeft` tries remain before the lock. */
export class InvalidCodeError extends RelayError {
  readonly attemptsLeft: number;

  constructor(attemptsLeft: number) {
    const tries = attemptsLeft === 1 ? 'One try is' : `${attemptsLeft} tries are`;
    const rest = attemptsLeft > 0 ? `${tries} left.` : 'Ask for a new one.';
    super('INVALID_CODE', `This code is wrong or has expired. ${rest}`);
    this.attemptsLeft = attemptsLeft;
  }
}

/** Too many wrong codes in this browser; it may try again at `until`. `begins`: with this very try. */
export class LockedError extends RelayError {
  readonly until: Date;
  readonly begins: boolean;

  constructor(until: Date, begins: boolean) {
    super('LOCKED', 'Too many wrong codes. Try again later.');
    this.until = until;
    this.begins = begins;
  }
}

/** Whose code it is: an address, in the browser that asked (the hash of its cookie). */
export interface Asker {
  email: string;
  browserHash: string;
}

interface IssuedCode {
  code: string;
  expiresAt: Date;
}

/**
 * Makes a new code for this address in this browser; earlier ones of the same pair are void. A lock outlives them:
 * throws RateLimitedError until it has passed.
 */
export function issueCode(em: Em, pepper: string, asker: Asker, now: number): Promise<IssuedCode> {
  return em.fork().transactional(async (tx) => {
    // One after the other, so that of several asked for at once there is one that works.
    const pair = `${asker.email} ${asker.browserHash}`;
    await tx.execute('select pg_advisory_xact_lock(hashtextextended(?, 0))', [pair]);
    return issue(tx, pepper, asker, now);
  });
}

async function issue(em: Em, pepper: string, asker: Asker, now: number): Promise<IssuedCode> {
  const locked = await lockOf(em, asker, now);
  if (locked) throw new RateLimitedError(Math.ceil((locked.getTime() - now) / 1_000));
  await em.nativeDelete(LoginCode, { expiresAt: { $lt: new Date(now - DAY) } });
  await em.nativeUpdate(LoginCode, { ...asker, consumedAt: null }, { consumedAt: new Date(now) });
  const id = randomUUID();
  const code = randomCode();
  const expiresAt = new Date(now + CODE_MINUTES * MINUTE);
  const codeHash = peppered(pepper, code, id);
  await em.insert(LoginCode, { id, ...asker, codeHash, createdAt: new Date(now), expiresAt, tries: 0 });
  return { code, expiresAt };
}

/**
 * Uses the code up. Throws InvalidCodeError, and LockedError from the fifth wrong try on. A try is counted before it is
 * judged, in one statement, so that many at once get no more than five.
 */
export async function redeemCode(
  em: Em,
  pepper: string,
  asker: Asker,
  code: string,
  now: number,
): Promise<void> {
  const locked = await lockOf(em, asker, now);
  if (locked) throw new LockedError(locked, false);
  const [row] = await em.execute<{ id: string; code_hash: string; tries: number }[]>(
    `update login_code set tries = tries + 1
      where email = ? and browser_hash = ? and consumed_at is null and expires_at > ? and tries < ${CODE_TRIES}
      returning id, code_hash, tries`,
    [asker.email, asker.browserHash, new Date(now)],
  );
  if (!row) throw new InvalidCodeError(0);
  const matches = timingSafeEqual(Buffer.from(row.code_hash), Buffer.from(peppered(pepper, code, row.id)));
  if (matches) {
    if (await consume(em, row.id, now)) return;
    // Used up by the same code a moment before: nobody has guessed.
    throw new InvalidCodeError(0);
  }
  if (row.tries < CODE_TRIES) throw new InvalidCodeError(CODE_TRIES - row.tries);
  const until = new Date(now + LOCK_MINUTES * MINUTE);
  await em.nativeUpdate(LoginCode, { id: row.id }, { lockedUntil: until, expiresAt: until });
  throw new LockedError(until, true);
}

async function consume(em: Em, id: string, now: number): Promise<boolean> {
  return (await em.nativeUpdate(LoginCode, { id, consumedAt: null }, { consumedAt: new Date(now) })) === 1;
}

async function lockOf(em: Em, asker: Asker, now: number): Promise<Date | null> {
  const row = await em.findOne(
    LoginCode,
    { ...asker, lockedUntil: { $gt: new Date(now) } },
    { disableIdentityMap: true },
  );
  return row?.lockedUntil ?? null;
}
