import { Membership } from '../database/entities/membership.ts';
import type { Caller } from './caller.ts';
import type { Page, PageArgs } from './page.ts';
import { keyRange, pageOf, spanOf } from './page.ts';
import type { Work } from './work.ts';

/** An organisation's members, by their address. */
export async function memberPage(
  work: Work,
  organizationId: string,
  args: PageArgs,
): Promise<Page<Membership>> {
  const scope = `members ${organizationId}`;
  const span = spanOf(work.cursors, scope, args);
  const email = keyRange(span);
  const rows = await work.em.find(
    Membership,
    { organization: organizationId, user: email ? { email } : {} },
    {
      populate: ['user'],
      orderBy: { user: { email: span.backward ? 'desc' : 'asc' } },
      limit: span.size + 1,
    },
  );
  return pageOf(work.cursors, scope, span, rows, (row) => row.user.email);
}

/** The caller's own memberships; an API key has the one of its organisation. */
export async function membershipsOf(work: Work, caller: Caller): Promise<Membership[]> {
  return work.em.find(
    Membership,
    { user: caller.userId, organization: { $in: [...caller.roles.keys()] } },
    { populate: ['user', 'organization'], orderBy: { organization: { slug: 'asc' } } },
  );
}
