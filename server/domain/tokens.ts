import type { OwnerKind } from '../bus/topics.ts';
import { isLookup, mintToken } from '../credentials/token.ts';
import { audit } from './audit.ts';
import type { Caller } from './caller.ts';
import { newId } from './id.ts';
import { changeAsOwner } from './membersLock.ts';
import type { Queries } from './reader.ts';
import { Check } from './rules.ts';
import type { Em, Work } from './work.ts';
import { timeNow } from './work.ts';

/** Seconds that a rotated token may stay valid. */
const GRACE_MAX = 86_400;
export const GRACE_DEFAULT = 3_600;

/** The owner of tokens, an app or an agent, with the little that its tokens depend on. */
export interface Owner {
  kind: OwnerKind;
  id: string;
  slug: string;
  organizationId: string;
}

export interface TokenRow {
  id: string;
  ownerId: string;
  /** The 12 public characters. */
  lookup: string;
  createdAt: Date;
  lastUsedAt: Date | null;
  expiresAt: Date | null;
  revokedAt: Date | null;
}

export type TokenState = 'current' | 'previous' | 'expired' | 'revoked';

/** Names of tables, and of what is recorded, come from here only, never from an input. */
const tables = {
  app: {
    owner: 'app',
    tokens: 'app_token',
    column: 'app_id',
    rotated: 'APP_TOKEN_ROTATED',
    revoked: 'APP_PREVIOUS_TOKEN_REVOKED',
  },
  agent: {
    owner: 'agent',
    tokens: 'agent_token',
    column: 'agent_id',
    rotated: 'AGENT_TOKEN_ROTATED',
    revoked: 'AGENT_PREVIOUS_TOKEN_REVOKED',
  },
} as const;

/** Shown to people: how many tokens of the past a token list goes back. */
const LISTED = 10;

export function tokenState(token: TokenRow, now: number): TokenState {
  if (token.revokedAt) return 'revoked';
  if (!token.expiresAt) return 'current';
  return token.expiresAt.getTime() > now ? 'previous' : 'expired';
}

/** A token for the owner, hashed before any transaction begins: the hash takes its time, locks should not. */
export async function mintFor(work: Work, kind: OwnerKind, slug: string) {
  const { token, lookup } = mintToken(kind, slug);
  return { token, lookup, hash: await work.verifier.hash(token) };
}

export async function insertToken(
  em: Em,
  kind: OwnerKind,
  ownerId: string,
  minted: { lookup: string; hash: string },
  at: Date,
): Promise<void> {
  const { tokens, column } = tables[kind];
  await em.execute(
    `insert into ${tokens} (id, ${column}, lookup, hash, created_at) values (?, ?, ?, ?, ?)`,
    [newId(at.getTime()), ownerId, minted.lookup, minted.hash, at],
    'run',
  );
}

/**
 * A new token at once; the one that was current stays valid for `graceSeconds` (0–86,400; 0 revokes it now), and any
 * older one ends. The owner's row is locked, so that two rotations at once cannot leave three valid tokens.
 */
export async function rotateToken(work: Work, caller: Caller, owner: Owner, graceSeconds: number) {
  const check = new Check();
  check.whole('graceSeconds', graceSeconds, 0, GRACE_MAX);
  check.done();
  const minted = await mintFor(work, owner.kind, owner.slug);
  const previousTokenExpiresAt = await changeAsOwner(work, caller, owner.organizationId, async (em) => {
    await lockOwner(em, owner);
    const now = timeNow(work);
    await endPrevious(em, owner, now);
    const until = await retireCurrent(em, owner, now, graceSeconds);
    await insertToken(em, owner.kind, owner.id, minted, now);
    const details = { graceSeconds: String(graceSeconds) };
    await audit(em, caller, now, { action: tables[owner.kind].rotated, ...about(owner), details });
    return until;
  });
  announce(work, owner);
  return { token: minted.token, previousTokenExpiresAt };
}

/**
 * Ends the grace of the previous token now. Does nothing when there is none, nor when it is not the one with this `lookup`: after
 * another rotation the previous one is what was current when somebody last looked.
 */
export async function revokePrevious(
  work: Work,
  caller: Caller,
  owner: Owner,
  lookup: string | null = null,
): Promise<void> {
  const check = new Check();
  if (lookup !== null && !isLookup(lookup)) check.fault('lookup', 'Use the 12 public characters of a token.');
  check.done();
  await changeAsOwner(work, caller, owner.organizationId, async (em) => {
    await lockOwner(em, owner);
    const now = timeNow(work);
    if (!(await endPrevious(em, owner, now, lookup))) return;
    await audit(em, caller, now, { action: tables[owner.kind].revoked, ...about(owner) });
  });
  announce(work, owner);
}

/** Tells the sockets to look at their credentials again. */
export function announce(work: Work, owner: Owner): void {
  work.bus.publish('credential.changed', {
    kind: owner.kind,
    ownerId: owner.id,
    organizationId: owner.organizationId,
  });
}

async function lockOwner(em: Em, owner: Owner): Promise<void> {
  await em.execute(`select id from ${tables[owner.kind].owner} where id = ? for update`, [owner.id]);
}

/** Whether there was one. */
async function endPrevious(em: Em, owner: Owner, now: Date, lookup: string | null = null): Promise<boolean> {
  const { tokens, column } = tables[owner.kind];
  const ended = await em.execute<{ id: string }[]>(
    `update ${tokens} set revoked_at = ?
      where ${column} = ? and revoked_at is null and expires_at > ? and lookup = coalesce(?, lookup) returning id`,
    [now, owner.id, now, lookup],
  );
  return ended.length > 0;
}

/** What the audit log says of the owner of tokens. */
function about({ kind, id, slug, organizationId }: Owner) {
  return { organizationId, target: { type: kind === 'app' ? 'App' : 'Agent', id, name: slug } };
}

async function retireCurrent(em: Em, owner: Owner, now: Date, graceSeconds: number): Promise<Date | null> {
  const { tokens, column } = tables[owner.kind];
  const until = graceSeconds === 0 ? null : new Date(now.getTime() + graceSeconds * 1_000);
  const retired = await em.execute<{ id: string }[]>(
    `update ${tokens} set ${until ? 'expires_at' : 'revoked_at'} = ?
      where ${column} = ? and revoked_at is null and expires_at is null returning id`,
    [until ?? now, owner.id],
  );
  return retired.length > 0 ? until : null;
}

/** The newest tokens of many owners in one query, newest first, in the order of `ownerIds`. Never a hash. */
export async function tokensOf(
  reader: Queries,
  kind: OwnerKind,
  ownerIds: readonly string[],
): Promise<TokenRow[][]> {
  const { tokens, column } = tables[kind];
  const { rows } = await reader.query<TokenRow>(
    `select t.* from unnest($1::uuid[]) as o(id), lateral (
       select id, ${column} as "ownerId", lookup, created_at as "createdAt", last_used_at as "lastUsedAt",
              expires_at as "expiresAt", revoked_at as "revokedAt"
         from ${tokens} where ${column} = o.id order by created_at desc, id desc limit ${LISTED}) t`,
    [ownerIds],
  );
  const byOwner = Map.groupBy(rows, (row) => row.ownerId);
  return ownerIds.map((id) => byOwner.get(id) ?? []);
}
