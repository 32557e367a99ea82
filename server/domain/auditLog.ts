import type { AuditAction } from '../database/entities/audit.ts';
import { AuditEntry } from '../database/entities/audit.ts';
import { ValidationError } from '../errors.ts';
import { idFloor } from './id.ts';
import type { Page, PageArgs } from './page.ts';
import { keyRange, pageOf, spanOf } from './page.ts';
import { containing } from './rules.ts';
import type { Work } from './work.ts';

/** What is absent does not narrow. */
export interface AuditFilter {
  /** Part of the actor's name, in any case. */
  actor?: string | null;
  actions?: AuditAction[] | null;
  /** At this time or later. */
  from?: Date | null;
  /** Before this time. */
  to?: Date | null;
}

const ACTOR_MAX = 100;

function where(organizationId: string, filter: AuditFilter) {
  const actor = filter.actor?.trim() ?? '';
  if (actor.length > ACTOR_MAX || actor.includes('\0')) {
    throw new ValidationError([{ field: 'actor', message: `Use at most ${ACTOR_MAX} characters.` }]);
  }
  const conditions = [
    // Ids are time-ordered: a time is a range of the very index the page is read by.
    ...(filter.from ? [{ id: { $gte: idFloor(filter.from.getTime()) } }] : []),
    ...(filter.to ? [{ id: { $lt: idFloor(filter.to.getTime()) } }] : []),
    ...(filter.actions ? [{ action: { $in: filter.actions } }] : []),
    ...(actor === '' ? [] : [{ actor: { $ilike: containing(actor) } }]),
  ];
  return { organizationId, ...(conditions.length > 0 ? { $and: conditions } : {}) };
}

/** One page of an organisation's audit log, newest first. */
export async function auditPage(
  work: Work,
  organizationId: string,
  filter: AuditFilter,
  args: PageArgs,
): Promise<Page<AuditEntry>> {
  const scope = `audit ${organizationId}`;
  const span = spanOf(work.cursors, scope, args);
  const id = keyRange({ ...span, after: span.before, before: span.after });
  const wanted = { ...where(organizationId, filter), ...(id ? { id } : {}) };
  const rows = await work.reader.turn(() =>
    work.em.find(AuditEntry, wanted, {
      orderBy: { id: span.backward ? 'asc' : 'desc' },
      limit: span.size + 1,
    }),
  );
  return pageOf(work.cursors, scope, span, rows, (row) => row.id);
}
