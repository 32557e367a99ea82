import type { EventStatus } from '../database/entities/event.ts';
import { NotFoundError, ValidationError } from '../errors.ts';
import type { Caller } from './caller.ts';
import { permit, signedIn } from './caller.ts';
import { isRelayCode } from './codes.ts';
import { eventIdFloor, isEventId } from './eventId.ts';
import type { EventRow } from './eventRow.ts';
import { contentGone, eventColumns } from './eventRow.ts';
import { SEARCH_MAX, bodyLike, checkSearchSpan, likePattern } from './eventText.ts';
import type { Page, PageArgs, Span } from './page.ts';
import { pageOf, spanOf } from './page.ts';
import type { Queries } from './reader.ts';
import type { Work } from './work.ts';

/** Row ids where not said otherwise; what is absent does not narrow. */
export interface EventFilter {
  status?: EventStatus[] | null;
  appId?: string | null;
  agentId?: string | null;
  /** Exact. */
  threadId?: string | null;
  /** An error code, exact. */
  code?: string | null;
  /** Part of the payload or the reply as raw JSON, in any case. */
  text?: string | null;
  /** Accepted at this time or later. */
  from?: Date | null;
  /** Accepted before this time. */
  to?: Date | null;
}

/** Whose history: an organisation's, or one app's or agent's of it. */
export interface HistoryScope {
  organizationId: string;
  appId?: string;
  agentId?: string;
}

const LENGTHS = { threadId: 512, code: 512, text: SEARCH_MAX } as const;

/** Conditions with numbered parameters; no value ever becomes part of the SQL text. */
class Conditions {
  readonly parameters: unknown[] = [];
  readonly #parts: string[] = [];

  add(sql: (placeholder: string) => string, value: unknown): void {
    if (value == null) return;
    this.parameters.push(value);
    this.#parts.push(sql(`$${this.parameters.length}`));
  }

  state(sql: string): void {
    this.#parts.push(sql);
  }

  toString(): string {
    return this.#parts.join(' and ');
  }
}

/** Throws ValidationError for texts that no event can have. */
export function checkTexts(filter: EventFilter): void {
  const faults = (['threadId', 'code', 'text'] as const).flatMap((field) => {
    const [text, most] = [filter[field], LENGTHS[field]];
    const fine = text == null || (text.length <= most && !text.includes('\0'));
    return fine ? [] : [{ field, message: `Use at most ${most} characters.` }];
  });
  if (faults.length > 0) throw new ValidationError(faults);
}

const withoutError: EventStatus[] = ['pending', 'delivered'];
/** True of every event of the other statuses: said in so many words, it lets them be found by an index of their own. */
const HAS_ERROR = 'e.error_code is not null';

function conditionsOf(scope: HistoryScope, filter: EventFilter, span: Span): Conditions {
  const all = new Conditions();
  all.add((p) => `e.organization_id = ${p}`, scope.organizationId);
  all.add((p) => `e.app_id = ${p}`, scope.appId);
  all.add((p) => `e.agent_id = ${p}`, scope.agentId);
  all.add((p) => `e.app_id = ${p}`, filter.appId);
  all.add((p) => `e.agent_id = ${p}`, filter.agentId);
  all.add((p) => `e.status = any(${p}::text[])`, filter.status);
  if (filter.status && !filter.status.some((status) => withoutError.includes(status))) all.state(HAS_ERROR);
  all.add((p) => `e.thread_id = ${p}`, filter.threadId);
  all.add((p) => `e.error_code = ${p}`, filter.code);
  if (filter.code && !isRelayCode(filter.code)) all.state(`(${contentGone}) is null`);
  all.add(bodyLike, filter.text ? likePattern(filter.text) : null);
  // Ids are time-ordered: a time is a range of the very index the page is read by.
  all.add((p) => `e.id >= ${p}`, filter.from && eventIdFloor(filter.from.getTime()));
  all.add((p) => `e.id < ${p}`, filter.to && eventIdFloor(filter.to.getTime()));
  all.add((p) => `e.id < ${p}`, span.after);
  all.add((p) => `e.id > ${p}`, span.before);
  return all;
}

const listOf = (organizationId: string): string => `events ${organizationId}`;

/** The position of an event in the history of its organisation, the same for every filter. */
export function historyCursor(work: Work, event: EventRow): string {
  return work.cursors.encode(listOf(event.organizationId), event.id);
}

/** One page, newest first, in one query; payloads and replies are read apart, when somebody asks for them. */
export async function eventPage(
  work: Work,
  scope: HistoryScope,
  filter: EventFilter,
  args: PageArgs,
): Promise<Page<EventRow>> {
  checkTexts(filter);
  if (filter.text) checkSearchSpan(filter.from, filter.to, work.clock.now());
  const list = listOf(scope.organizationId);
  const span = spanOf(work.cursors, list, args);
  const conditions = conditionsOf(scope, filter, span);
  const sql = `select ${eventColumns} from event e where ${conditions.toString()}
    order by e.id ${span.backward ? 'asc' : 'desc'} limit ${span.size + 1}`;
  const { rows } = await work.reader.query<EventRow>(sql, conditions.parameters);
  return pageOf(work.cursors, list, span, rows, (row) => row.id);
}

/** Events by id in the order asked for; null where absent. Not scoped: the caller of this checks whose they are. */
export async function eventsById(reader: Queries, ids: readonly string[]): Promise<(EventRow | null)[]> {
  const { rows } = await reader.query<EventRow>(
    `select ${eventColumns} from event e where e.id = any($1::text[])`,
    [ids],
  );
  const byId = new Map(rows.map((row) => [row.id, row]));
  return ids.map((id) => byId.get(id) ?? null);
}

/** An event can be sent again as often as one likes; nobody reads further back. */
export const RESENDS_SHOWN = 10;

/** What an event was sent again as, newest first, at most RESENDS_SHOWN; `more`: and before that. */
export interface Resends {
  shown: EventRow[];
  more: boolean;
}

/** The resends of many events, in one query and in the order asked for. */
export async function resendsOf(reader: Queries, ids: readonly string[]): Promise<Resends[]> {
  const { rows } = await reader.query<EventRow & { resendOf: string }>(
    `select again.* from event first, lateral (
       select ${eventColumns} from event e
         where e.resend_of = first.id and e.organization_id = first.organization_id
         order by e.id desc limit ${RESENDS_SHOWN + 1}) again
      where first.id = any($1::text[])`,
    [ids],
  );
  const byFirst = Map.groupBy(rows, (row) => row.resendOf);
  return ids.map((id) => {
    const found = byFirst.get(id) ?? [];
    return { shown: found.slice(0, RESENDS_SHOWN), more: found.length > RESENDS_SHOWN };
  });
}

/** Tells whoever watches an event that it is not as it was, nor perhaps its code. After the commit. */
export function tellChanged(work: Work, event: EventRow, formerCode = event.errorCode): void {
  const { organizationId, appId, agentId, threadId, status, errorCode } = event;
  const facts = { organizationId, appId, agentId, threadId, status, errorCode, formerCode };
  work.bus.publish('event.changed', { eventId: event.id, ...facts, acceptedAt: event.acceptedAt.getTime() });
}

/** One event by its `evt_…` id. Throws NotFoundError for absent and foreign ones alike. */
export async function eventFor(
  work: Work,
  caller: Caller | null,
  id: string | null,
  access: 'read' | 'manage',
): Promise<EventRow> {
  const someone = signedIn(caller, access);
  const [event] = id !== null && isEventId(id) ? await eventsById(work.reader, [id]) : [];
  if (!event) throw new NotFoundError();
  permit(someone, event.organizationId, access);
  return event;
}
