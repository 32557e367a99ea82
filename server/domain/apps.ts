import { LockMode } from '@mikro-orm/core';
import { App } from '../database/entities/app.ts';
import { Organization } from '../database/entities/organization.ts';
import type { Target } from './audit.ts';
import { audit } from './audit.ts';
import type { Caller } from './caller.ts';
import { appFor, organizationFor, signedIn } from './caller.ts';
import { IdTakenError, isUniqueViolation, suggestSlug } from './conflicts.ts';
import { newId } from './id.ts';
import { changeAsOwner } from './membersLock.ts';
import { Check } from './rules.ts';
import type { Owner } from './tokens.ts';
import { announce, insertToken, mintFor, revokePrevious, rotateToken } from './tokens.ts';
import type { Work } from './work.ts';
import { timeNow } from './work.ts';

type Who = Caller | null;

export interface NewApp {
  organizationId: string | null;
  name: string;
  /** The slug, unique in the organisation, for ever. */
  appId: string;
}

/** `token` is the only copy there will ever be. Throws IdTakenError with a free id. */
export async function registerApp(work: Work, who: Who, input: NewApp): Promise<{ app: App; token: string }> {
  const someone = signedIn(who, 'manage');
  const organization = await organizationFor(work, someone, input.organizationId, 'manage');
  const check = new Check();
  const name = check.name('name', input.name);
  const slug = check.slug('appId', input.appId);
  check.done();
  const minted = await mintFor(work, 'app', slug);
  const createdAt = timeNow(work);
  try {
    const app = await changeAsOwner(work, someone, organization.id, async (em) => {
      const row = em.create(App, {
        id: newId(createdAt.getTime()),
        organization: em.getReference(Organization, organization.id),
        slug,
        name,
        createdAt,
      });
      await em.flush();
      await insertToken(em, 'app', row.id, minted, createdAt);
      await audit(em, someone, createdAt, { action: 'APP_REGISTERED', ...about(row) });
      return row;
    });
    tell(work, app);
    return { app, token: minted.token };
  } catch (error) {
    if (isUniqueViolation(error)) throw await idTaken(work, organization.id, slug);
    throw error;
  }
}

async function idTaken(work: Work, organizationId: string, slug: string): Promise<IdTakenError> {
  const taken = await work.em.find(App, { organization: organizationId }, { fields: ['slug'] });
  return new IdTakenError(
    'appId',
    slug,
    suggestSlug(
      slug,
      taken.map((app) => app.slug),
    ),
  );
}

export async function updateApp(work: Work, who: Who, id: string | null, name: string): Promise<App> {
  const someone = signedIn(who, 'manage');
  const known = await appFor(work, someone, id, 'manage');
  const check = new Check();
  const value = check.name('name', name);
  check.done();
  const app = await changeAsOwner(work, someone, known.organization.id, async (em) => {
    const found = await em.findOneOrFail(App, known.id, { lockMode: LockMode.PESSIMISTIC_WRITE });
    const details = { from: found.name, to: value };
    found.name = value;
    await audit(em, someone, timeNow(work), { action: 'APP_RENAMED', ...about(found), details });
    return found;
  });
  tell(work, app);
  return app;
}

/** Keeps tokens and history; closes live sockets and refuses new ones until the app is reactivated. */
export async function setAppActive(work: Work, who: Who, id: string | null, active: boolean): Promise<App> {
  const someone = signedIn(who, 'manage');
  const known = await appFor(work, someone, id, 'manage');
  const at = timeNow(work);
  const app = await changeAsOwner(work, someone, known.organization.id, async (em) => {
    const found = await em.findOneOrFail(App, known.id, { lockMode: LockMode.PESSIMISTIC_WRITE });
    if ((found.deactivatedAt === null) === active) return found;
    found.deactivatedAt = active ? null : at;
    const action = active ? 'APP_REACTIVATED' : 'APP_DEACTIVATED';
    await audit(em, someone, at, { action, ...about(found) });
    return found;
  });
  tell(work, app);
  announce(work, appOwner(app));
  return app;
}

export async function rotateAppToken(work: Work, who: Who, id: string | null, graceSeconds: number) {
  const someone = signedIn(who, 'manage');
  const app = await appFor(work, someone, id, 'manage');
  return { app, ...(await rotateToken(work, someone, appOwner(app), graceSeconds)) };
}

export async function revokePreviousAppToken(
  work: Work,
  who: Who,
  id: string | null,
  lookup?: string | null,
): Promise<App> {
  const someone = signedIn(who, 'manage');
  const app = await appFor(work, someone, id, 'manage');
  await revokePrevious(work, someone, appOwner(app), lookup);
  return app;
}

function appOwner(app: App): Owner {
  return { kind: 'app', id: app.id, slug: app.slug, organizationId: app.organization.id };
}

/** What the audit log says of an app. */
function about(app: App): { organizationId: string; target: Target } {
  return { organizationId: app.organization.id, target: { type: 'App', id: app.id, name: app.slug } };
}

function tell(work: Work, app: App): void {
  work.bus.publish('directory.changed', { organizationId: app.organization.id, kind: 'app', id: app.id });
}
