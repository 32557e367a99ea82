import { Agent } from '../database/entities/agent.ts';
import { App } from '../database/entities/app.ts';
import { ValidationError } from '../errors.ts';
import type { Page, PageArgs } from './page.ts';
import { keyRange, pageOf, spanOf } from './page.ts';
import { containing } from './rules.ts';
import type { Work } from './work.ts';

export interface DirectoryFilter {
  /** Part of the name or the id, in any case. */
  search?: string | null;
  active?: boolean | null;
}

const SEARCH_MAX = 100;

/** The condition on an app or agent. Throws ValidationError for what is too long to search for. */
export function called(given: string | null | undefined) {
  const search = given?.trim() ?? '';
  if (search.length > SEARCH_MAX || search.includes('\0')) {
    throw new ValidationError([{ field: 'search', message: `Use at most ${SEARCH_MAX} characters.` }]);
  }
  const pattern = containing(search);
  return search === '' ? {} : { $or: [{ name: { $ilike: pattern } }, { slug: { $ilike: pattern } }] };
}

function where(organizationId: string, filter: DirectoryFilter) {
  return {
    organization: organizationId,
    ...(filter.active == null ? {} : { deactivatedAt: filter.active ? null : { $ne: null } }),
    ...called(filter.search),
  };
}

/** An organisation's apps by their id. */
export async function appPage(
  work: Work,
  organizationId: string,
  args: PageArgs & DirectoryFilter,
): Promise<Page<App>> {
  const scope = `apps ${organizationId}`;
  const span = spanOf(work.cursors, scope, args);
  const slug = keyRange(span);
  const wanted = { ...where(organizationId, args), ...(slug ? { slug } : {}) };
  const rows = await work.reader.turn(() =>
    work.em.find(App, wanted, { orderBy: { slug: span.backward ? 'desc' : 'asc' }, limit: span.size + 1 }),
  );
  return pageOf(work.cursors, scope, span, rows, (app) => app.slug);
}

/** An organisation's agents by their id. */
export async function agentPage(
  work: Work,
  organizationId: string,
  args: PageArgs & DirectoryFilter,
): Promise<Page<Agent>> {
  const scope = `agents ${organizationId}`;
  const span = spanOf(work.cursors, scope, args);
  const slug = keyRange(span);
  const wanted = { ...where(organizationId, args), ...(slug ? { slug } : {}) };
  const rows = await work.reader.turn(() =>
    work.em.find(Agent, wanted, { orderBy: { slug: span.backward ? 'desc' : 'asc' }, limit: span.size + 1 }),
  );
  return pageOf(work.cursors, scope, span, rows, (agent) => agent.slug);
}
