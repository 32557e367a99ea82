import { Membership } from '../database/entities/membership.ts';
import { Organization } from '../database/entities/organization.ts';
import { User } from '../database/entities/user.ts';
import { ForbiddenError } from '../errors.ts';
import { isSlug, SLUG_MAX } from '../credentials/slug.ts';
import { audit } from './audit.ts';
import type { Caller } from './caller.ts';
import { organizationFor, person, signedIn } from './caller.ts';
import { isUniqueViolation, SlugTakenError, suggestSlug } from './conflicts.ts';
import { newId } from './id.ts';
import { changeMembers } from './membersLock.ts';
import { Check } from './rules.ts';
import type { SignupRule } from './signup.ts';
import { mayCreateOrganization } from './signup.ts';
import type { Em, Work } from './work.ts';
import { timeNow, write } from './work.ts';

type Who = Caller | null;

/** Addresses under which an organisation's dashboard could not be reached. */
const RESERVED = new Set([
  'assets',
  'graphiql',
  'graphql',
  'healthz',
  'invitations',
  'metrics',
  'readyz',
  'sign-in',
  'v1',
  'welcome',
]);

/** An organisation's slug from its name: "Acme Corp" is acme-corp. */
function slugOf(name: string): string {
  const slug = name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, SLUG_MAX)
    .replace(/^-+|-+$/g, '');
  return isSlug(slug) ? slug : 'organization';
}

/** The person who creates an organisation owns it. */
export async function createOrganization(
  work: Work,
  who: Who,
  rule: SignupRule,
  input: { name: string; slug?: string | null },
): Promise<Organization> {
  const someone = person(who);
  const permitted = async (em: Em): Promise<void> => {
    if (await mayCreateOrganization(em, rule, someone)) return;
    throw new ForbiddenError('New organisations need an invitation on this Relay.');
  };
  await permitted(work.em);
  const check = new Check();
  const name = check.name('name', input.name);
  const slug = input.slug ? check.slug('slug', input.slug) : slugOf(name);
  if (RESERVED.has(slug))
    check.fault(input.slug ? 'slug' : 'name', `"${slug}" is an address of Relay's own.`);
  check.done();
  const createdAt = timeNow(work);
  try {
    return await write(work, async (em) => {
      // Behind the lock: of all who would create the first one at the same time, one does.
      await em.execute('lock table organization in share row exclusive mode');
      await permitted(em);
      const organization = em.create(Organization, { id: newId(createdAt.getTime()), name, slug, createdAt });
      em.create(Membership, {
        id: newId(createdAt.getTime()),
        organization,
        user: em.getReference(User, someone.userId),
        role: 'owner',
        createdAt,
      });
      await audit(em, someone, createdAt, { action: 'ORGANIZATION_CREATED', ...about(organization) });
      return organization;
    });
  } catch (error) {
    if (isUniqueViolation(error)) throw await slugTaken(work, slug);
    throw error;
  }
}

async function slugTaken(work: Work, slug: string): Promise<SlugTakenError> {
  const stem = slug.slice(0, SLUG_MAX - 8);
  const taken = await work.em.find(Organization, { slug: { $like: `${stem}%` } }, { fields: ['slug'] });
  return new SlugTakenError(
    'slug',
    slug,
    suggestSlug(
      slug,
      taken.map((row) => row.slug),
    ),
  );
}

export async function updateOrganization(
  work: Work,
  who: Who,
  id: string | null,
  name: string,
): Promise<Organization> {
  const someone = signedIn(who, 'manage');
  const known = await organizationFor(work, someone, id, 'manage');
  const check = new Check();
  const value = check.name('name', name);
  check.done();
  const organization = await changeMembers(work, someone, known.id, 'manage', async (em) => {
    const found = await em.findOneOrFail(Organization, known.id);
    const details = { from: found.name, to: value };
    found.name = value;
    await audit(em, someone, timeNow(work), { action: 'ORGANIZATION_RENAMED', ...about(found), details });
    return found;
  });
  work.bus.publish('directory.changed', {
    organizationId: organization.id,
    kind: 'organization',
    id: organization.id,
  });
  return organization;
}

/** What the audit log says of an organisation. */
function about({ id, slug }: Organization) {
  return { organizationId: id, target: { type: 'Organization', id, name: slug } };
}

/** The organisation with this slug, if the caller belongs to it; null otherwise. */
export async function organizationBySlug(work: Work, who: Who, slug: string): Promise<Organization | null> {
  const someone = signedIn(who);
  if (!isSlug(slug)) return null;
  return work.em.findOne(Organization, { slug, id: { $in: [...someone.roles.keys()] } });
}
