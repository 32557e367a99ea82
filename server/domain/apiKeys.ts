import { LockMode } from '@mikro-orm/core';
import { mintToken } from '../credentials/token.ts';
import { isSlug } from '../credentials/slug.ts';
import type { Verifier } from '../credentials/verifier.ts';
import { ApiKey, keyScopes } from '../database/entities/apiKey.ts';
import type { KeyScope } from '../database/entities/apiKey.ts';
import { Membership } from '../database/entities/membership.ts';
import { Organization } from '../database/entities/organization.ts';
import { User } from '../database/entities/user.ts';
import { ForbiddenError, NotFoundError } from '../errors.ts';
import type { Clock } from '../clock.ts';
import { audit, auditCommand } from './audit.ts';
import type { Caller } from './caller.ts';
import { organizationFor, permit, person } from './caller.ts';
import { newId } from './id.ts';
import { changeAsOwner, changeMembers, lockMembers } from './membersLock.ts';
import type { Page, PageArgs } from './page.ts';
import { keyRange, pageOf, spanOf } from './page.ts';
import { Check } from './rules.ts';
import type { Em, Work } from './work.ts';
import { timeNow } from './work.ts';

type Who = Caller | null;

/** `key` is the only copy there will ever be. `expiresAt` null: valid until revoked. A key that manages reads as well. */
export async function createApiKey(
  work: Work,
  who: Who,
  input: { organizationId: string | null; name: string; scopes?: KeyScope[] | null; expiresAt?: Date | null },
): Promise<{ apiKey: ApiKey; key: string }> {
  const someone = person(who);
  const organization = await organizationFor(work, someone, input.organizationId, 'manage');
  const now = timeNow(work);
  const check = new Check();
  const name = check.name('name', input.name);
  const expiresAt = input.expiresAt ?? null;
  if (expiresAt && expiresAt <= now) check.fault('expiresAt', 'Choose a time in the future.');
  const scopes = scopesOf(check, input.scopes ?? [...keyScopes]);
  check.done();
  const minted = mintToken('key', organization.slug);
  const hash = await work.verifier.hash(minted.token);
  // Behind the lock: a membership that ends meanwhile takes this key along, or refuses it.
  const apiKey = await changeMembers(work, someone, organization.id, 'manage', async (em) => {
    const row = em.create(ApiKey, {
      id: newId(now.getTime()),
      organization: em.getReference(Organization, organization.id),
      createdBy: em.getReference(User, someone.userId),
      name,
      lookup: minted.lookup,
      hash,
      scopes,
      createdAt: now,
      expiresAt,
    });
    const details = { scopes: scopes.join(', '), ...(expiresAt && { expiresAt: expiresAt.toISOString() }) };
    await audit(em, someone, now, { action: 'API_KEY_CREATED', ...about(row), details });
    return row;
  });
  return { apiKey, key: minted.token };
}

/** In the order they are told in; whoever may change things has to see them. */
function scopesOf(check: Check, asked: KeyScope[]): KeyScope[] {
  if (asked.length === 0) check.fault('scopes', 'Choose at least one.');
  return keyScopes.filter((scope) => scope === 'read' || asked.includes(scope));
}

/** Ends the key and every subscription opened with it. Revoking one twice changes nothing. */
export async function revokeApiKey(work: Work, who: Who, id: string | null): Promise<ApiKey> {
  const someone = person(who);
  const known = id === null ? null : await work.em.findOne(ApiKey, id);
  if (!known) throw new NotFoundError();
  permit(someone, known.organization.id, 'manage');
  const at = timeNow(work);
  const apiKey = await changeAsOwner(work, someone, known.organization.id, async (em) => {
    const found = await em.findOneOrFail(ApiKey, known.id, { lockMode: LockMode.PESSIMISTIC_WRITE });
    if (found.revokedAt) return found;
    found.revokedAt = at;
    await audit(em, someone, at, { action: 'API_KEY_REVOKED', ...about(found) });
    return found;
  });
  work.bus.publish('access.changed', { userId: null, sessionId: null, apiKeyId: apiKey.id });
  return apiKey;
}

/**
 * Ends the keys a person has made. Revoked rather than left without a membership: whoever comes back must not bring old keys
 * to life. `em` is of the transaction that ends the membership.
 */
export async function revokeKeysOf(em: Em, caller: Caller, at: Date, holder: Membership): Promise<void> {
  const { organization, user: createdBy } = holder;
  const keys = await em.find(
    ApiKey,
    { organization: organization.id, createdBy: createdBy.id, revokedAt: null },
    { orderBy: { id: 'asc' }, lockMode: LockMode.PESSIMISTIC_WRITE },
  );
  const details = { createdBy: createdBy.email };
  for (const key of keys) {
    key.revokedAt = at;
    await audit(em, caller, at, { action: 'API_KEY_REVOKED', ...about(key), details });
  }
}

/** What the audit log says of a key: its public part tells keys of one name apart. */
function about(key: ApiKey) {
  const target = { type: 'ApiKey', id: key.id, name: `${key.name} (${key.lookup})` };
  return { organizationId: key.organization.id, target };
}

/** An organisation's keys, newest first, revoked ones included. */
export async function apiKeyPage(work: Work, organizationId: string, args: PageArgs): Promise<Page<ApiKey>> {
  const scope = `api keys ${organizationId}`;
  const span = spanOf(work.cursors, scope, args);
  // Newest first: what comes after a key in the list is older, so its id is smaller.
  const id = keyRange({ ...span, after: span.before, before: span.after });
  const rows = await work.em.find(
    ApiKey,
    { organization: organizationId, ...(id ? { id } : {}) },
    { orderBy: { id: span.backward ? 'asc' : 'desc' }, limit: span.size + 1 },
  );
  return pageOf(work.cursors, scope, span, rows, (row) => row.id);
}

/**
 * A key for scripts made from the command line: creates organisation, person and owner's membership where missing, and
 * leaves an existing membership as it is (then it must be an owner's). Answers the key's only copy.
 */
export async function provisionApiKey(
  { em, clock, verifier }: { em: Em; clock: Clock; verifier: Verifier },
  input: { orgSlug: string; email: string; name: string; scopes: KeyScope[] },
): Promise<{ key: string }> {
  const check = new Check();
  const slug = check.slug('org', input.orgSlug);
  const email = check.email('email', input.email);
  const name = check.name('name', input.name);
  check.done();
  const createdAt = new Date(clock.now());
  const id = () => newId(createdAt.getTime());
  const minted = mintToken('key', slug);
  const hash = await verifier.hash(minted.token);
  await em.fork().transactional(async (tx) => {
    const { organization, user } = await ownerOf(tx, slug, email, createdAt);
    const { lookup } = minted;
    const { scopes } = input;
    const owner = { organization, createdBy: user };
    const key = tx.create(ApiKey, { id: id(), ...owner, name, scopes, lookup, hash, createdAt });
    await auditCommand(tx, createdAt, {
      action: 'API_KEY_CREATED',
      ...about(key),
      details: { owner: email, scopes: scopes.join(', ') },
    });
  });
  return { key: minted.token };
}

/** The organisation and its owner, made where they are missing; throws ForbiddenError for somebody who is a member only. */
async function ownerOf(tx: Em, slug: string, email: string, createdAt: Date) {
  const id = () => newId(createdAt.getTime());
  const known = await tx.findOne(Organization, { slug });
  // A membership that ends meanwhile takes the new key along, or is made anew.
  if (known) await lockMembers(tx, known.id);
  const organization = known ?? tx.create(Organization, { id: id(), name: titleOf(slug), slug, createdAt });
  const user = (await tx.findOne(User, { email })) ?? tx.create(User, { id: id(), email, createdAt });
  const membership = await tx.findOne(Membership, { organization: organization.id, user: user.id });
  if (membership && membership.role !== 'owner')
    throw new ForbiddenError(`${email} is not an owner of ${slug}.`);
  const target = { type: 'Organization', id: organization.id, name: slug };
  const act = { organizationId: organization.id, target };
  if (!known) await auditCommand(tx, createdAt, { action: 'ORGANIZATION_CREATED', ...act });
  if (membership) return { organization, user };
  tx.create(Membership, { id: id(), organization, user, role: 'owner', createdAt });
  const added = { type: 'User', id: user.id, name: email };
  await auditCommand(tx, createdAt, {
    ...act,
    action: 'MEMBER_ADDED',
    target: added,
    details: { role: 'owner' },
  });
  return { organization, user };
}

/** "acme-corp" is shown as "Acme Corp" until somebody renames it. */
function titleOf(slug: string): string {
  if (!isSlug(slug)) return slug;
  return slug.replace(
    /(^|-)([a-z0-9])/g,
    (_, dash: string, letter: string) => (dash ? ' ' : '') + letter.toUpperCase(),
  );
}
