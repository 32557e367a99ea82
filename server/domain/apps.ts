import { App } from '../database/entities/app.ts';
import { Organization } from '../database/entities/organization.ts';
import type { Caller } from './caller.ts';
import { appFor, organizationFor } from './caller.ts';
import { IdTakenError, isUniqueViolation, suggestSlug } from './conflicts.ts';
import { newId } from './id.ts';
import { Check } from './rules.ts';
import type { Owner } from './tokens.ts';
import { announce, insertToken, mintFor, revokePrevious, rotateToken } from './tokens.ts';
import type { Work } from './work.ts';
import { timeNow, write } from './work.ts';

type Who = Caller | null;

export interface NewApp {
  organizationId: string | null;
  name: string;
  /** The slug, unique in the organisation, for ever. */
  appId: string;
}

/** `token` is the only copy there will ever be. Throws IdTakenError with a free id. */
export async function registerApp(work: Work, who: Who, input: NewApp): Promise<{ app: App; token: string }> {
  const organization = await organizationFor(work, who, input.organizationId, 'manage');
  const check = new Check();
  const name = check.name('name', input.name);
  const slug = check.slug('appId', input.appId);
  check.done();
  const minted = await mintFor(work, 'app', slug);
  const createdAt = timeNow(work);
  try {
    const app = await write(work, async (em) => {
      const row = em.create(App, {
        id: newId(createdAt.getTime()),
        organization: em.getReference(Organization, organization.id),
        slug,
        name,
        createdAt,
      });
      await em.flush();
      await insertToken(em, 'app', row.id, minted, createdAt);
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
  const app = await appFor(work, who, id, 'manage');
  const check = new Check();
  const value = check.name('name', name);
  check.done();
  app.name = value;
  await work.em.flush();
  tell(work, app);
  return app;
}

/** Keeps tokens and history; closes live sockets and refuses new ones until the app is reactivated. */
export async function setAppActive(work: Work, who: Who, id: string | null, active: boolean): Promise<App> {
  const app = await appFor(work, who, id, 'manage');
  if ((app.deactivatedAt === null) === active) return app;
  app.deactivatedAt = active ? null : timeNow(work);
  await work.em.flush();
  tell(work, app);
  announce(work, appOwner(app));
  return app;
}

export async function rotateAppToken(work: Work, who: Who, id: string | null, graceSeconds: number) {
  const app = await appFor(work, who, id, 'manage');
  return { app, ...(await rotateToken(work, appOwner(app), graceSeconds)) };
}

export async function revokePreviousAppToken(work: Work, who: Who, id: string | null): Promise<App> {
  const app = await appFor(work, who, id, 'manage');
  await revokePrevious(work, appOwner(app));
  return app;
}

function appOwner(app: App): Owner {
  return { kind: 'app', id: app.id, slug: app.slug, organizationId: app.organization.id };
}

function tell(work: Work, app: App): void {
  work.bus.publish('directory.changed', { organizationId: app.organization.id, kind: 'app', id: app.id });
}
