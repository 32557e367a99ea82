import { randomUUID } from 'node:crypto';
import type { Pool } from 'pg';
import type { Bus } from '../bus/bus.ts';
import type { Clock } from '../clock.ts';
import { LruMap } from '../credentials/lruMap.ts';
import type { StepKind } from '../database/entities/event.ts';
import { auditForeignAnswer } from '../domain/audit.ts';
import { isEventId } from '../domain/eventId.ts';
import { UnavailableError } from '../errors.ts';
import type { Log } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import { isRetryable } from '../domain/codes.ts';
import type { Handover } from './handover.ts';
import type { Homes } from './homes.ts';
import type { Journal } from './journal.ts';
import type { AgentLink, Outcome } from './links.ts';
import { keepToken } from './pending.ts';
import type { Pending } from './pending.ts';
import type { OutcomeRecord } from './records.ts';
import { readPending } from './sql/backlog.ts';
import { readSettled } from './sql/settled.ts';

const MOST_LATE_STEPS = 5;
/** Answers to others' events that are recorded of one agent within an hour. */
const MOST_FOREIGN = 10;
const HOUR_MS = 3_600_000;

/** How an event ended, as its agent or Relay says. Raw texts are JSON as received. */
export type End =
  | { status: 'delivered'; rawContent: string; rawMetadata: string | null }
  | { status: 'failed'; code: string; message: string };

export interface OutcomesOptions {
  pool: Pool;
  bus: Bus;
  clock: Clock;
  log: Log;
  metrics: Metrics;
  journal: Journal;
  homes: Homes;
  handover: Handover;
}

/** Agents' answers on their way to the history and to the app: the first outcome of an event wins. */
export class Outcomes {
  private readonly deps: OutcomesOptions;
  /** Outcomes after the first, per event: an agent that repeats itself must not fill the timeline. */
  private readonly extras = new LruMap<string, number>(10_000);
  /** Answers to others' events, per agent: one that is out of its mind must not fill the audit log. */
  private readonly foreign = new LruMap<string, { count: number; until: number }>(10_000);
  constructor(options: OutcomesOptions) {
    this.deps = options;
  }

  /** A fragment of an answer. It counts only from the connection that holds the current attempt. */
  token(link: AgentLink, eventId: string, attempt: number | null, token: string, raw: string): void {
    const { homes, clock, bus, handover } = this.deps;
    const event = homes.find(link.ownerId)?.find(eventId);
    if (!event?.flight || event.flight.link !== link || event.settling) return;
    if (attempt !== null && attempt !== event.attempt) return;
    event.flight.seenAt = clock.monotonic();
    if (token === '') return;
    event.firstTokenAt ??= clock.now();
    keepToken(event.flight, token);
    // Whoever asks again in mid-answer would hear an end without its beginning; and a plain app has no way to drop the
    // tokens of an attempt that was lost.
    if (event.flight.listener === undefined) event.flight.listener = handover.origin(eventId);
    const { listener } = event.flight;
    if (listener && handover.awaits(listener, eventId) && (event.attempt === 1 || listener.extended))
      listener.token(eventId, event.agentSlug, raw);
    bus.publish('event.progress', {
      eventId,
      organizationId: event.organizationId,
      attempt: event.attempt,
      token,
      restart: false,
    });
  }

  /** An agent's outcome, from any of its connections. */
  async settle(link: AgentLink, eventId: string, end: End): Promise<void> {
    const home = this.deps.homes.find(link.ownerId);
    const event = home?.find(eventId);
    if (event && !event.settling) {
      const recorded = await this.end(event, end, link);
      if (recorded) link.recorded(eventId, end.status);
      else await this.late(link, eventId);
      return;
    }
    if (event || !(await this.settleUnknown(link, eventId, end))) await this.late(link, eventId);
  }

  /** Ends an event; resolves once the end is committed, to false when it already had another. */
  async end(event: Pending, end: End, by: AgentLink | null): Promise<boolean> {
    event.settling = true;
    const record = this.record(event, end, by);
    const recorded = await this.commit(record);
    this.deps.homes.find(event.agentId)?.settled(event);
    if (!recorded) return false;
    const { metrics } = this.deps;
    metrics.events.inc({ status: end.status });
    metrics.outcomeSeconds.observe(Math.max(0, this.deps.clock.now() - event.acceptedAt) / 1_000);
    if (event.handOver)
      this.deps.handover.offer({
        event: { ...whose(event), ...statusOf(end) },
        outcome: toOutcome(event, end),
      });
    else this.deps.handover.forget(event.id);
    this.publish(event, end);
    return true;
  }

  /** Ends an event that its agent did not end, without waiting for it. */
  fail(event: Pending, code: string, message: string): void {
    this.end(event, { status: 'failed', code, message }, null).catch((error: unknown) => {
      this.deps.log.warn({ err: error, event: event.id }, 'an event could not be ended and stays pending');
    });
  }

  /** Keeps the event's session back, so that its late answer is never taken for the next event's. */
  hold(event: Pending): void {
    this.deps.homes.find(event.agentId)?.hold(event);
  }

  /** Adds a step to the timeline without waiting for it. */
  step(
    eventId: string,
    kind: StepKind,
    about: { attempt?: number; link?: AgentLink; detail?: string; attempts?: number },
  ): void {
    const { journal, clock, log } = this.deps;
    journal
      .step({
        id: randomUUID(),
        eventId,
        at: clock.now(),
        kind,
        attempt: about.attempt ?? null,
        connectionId: about.link?.id ?? null,
        detail: about.detail ?? null,
        attempts: about.attempts ?? null,
      })
      .catch((error: unknown) =>
        log.error({ err: error, event: eventId }, 'a timeline step was not recorded'),
      );
  }

  private async commit(record: OutcomeRecord): Promise<boolean> {
    try {
      return await this.deps.journal.settle(record);
    } catch (error) {
      if (error instanceof UnavailableError) throw error;
      // The data itself was refused. The event must not stay pending for ever because of what its agent said.
      this.deps.log.error({ err: error, event: record.eventId }, 'an outcome could not be recorded as it is');
      return this.deps.journal.settle({
        ...record,
        status: 'failed',
        latencyMs: null,
        replyContent: null,
        replyMetadata: null,
        errorCode: 'AGENT_ERROR',
        errorText: 'The answer could not be recorded.',
      });
    }
  }

  private record(event: Pending, end: End, by: AgentLink | null): OutcomeRecord {
    const now = this.deps.clock.now();
    const delivered = end.status === 'delivered';
    const code = delivered ? null : end.code;
    return {
      eventId: event.id,
      status: end.status,
      settledAt: now,
      latencyMs: delivered ? Math.max(0, Math.round(now - event.acceptedAt)) : null,
      dispatchedAt: event.first?.at ?? null,
      connectionId: event.first?.connectionId ?? by?.id ?? null,
      firstTokenAt: event.firstTokenAt,
      attempts: event.attempt,
      replyContent: delivered ? end.rawContent : null,
      replyMetadata: delivered ? end.rawMetadata : null,
      errorCode: code,
      errorText: delivered ? null : end.message,
      release:
        code !== null && isRetryable(code) && event.idempotencyKey !== null
          ? { appId: event.appId, key: event.idempotencyKey }
          : null,
    };
  }

  /** An outcome of an event that is pending but not in this home's memory: deep in a long backlog. */
  private async settleUnknown(link: AgentLink, eventId: string, end: End): Promise<boolean> {
    if (!isEventId(eventId)) return false;
    const event = await readPending(this.deps.pool, link.ownerId, eventId);
    if (!event) return false;
    const recorded = await this.end(event, end, link);
    if (recorded) link.recorded(eventId, end.status);
    return recorded;
  }

  /** An outcome that is not the first. A frame about another agent's or an unknown event changes nothing. */
  private async late(link: AgentLink, eventId: string): Promise<void> {
    const home = this.deps.homes.find(link.ownerId);
    const wasHeld = home?.lateAnswer(eventId) ?? false;
    // Looked up before the read: the first outcome may be committed, and forgotten here, while the read is under way
    // that does not see it yet.
    const own = home?.find(eventId) !== undefined;
    const settled = isEventId(eventId) ? await readSettled(this.deps.pool, link.ownerId, eventId) : null;
    if (!settled && !own) {
      if (isEventId(eventId)) this.notOwn(link, eventId);
      return;
    }
    const stale = wasHeld || settled?.errorCode === 'AGENT_TIMEOUT';
    const told = this.extras.get(eventId) ?? 0;
    this.extras.set(eventId, told + 1);
    if (told < MOST_LATE_STEPS) this.step(eventId, stale ? 'stale_outcome' : 'duplicate_outcome', { link });
    link.recorded(eventId, stale ? 'stale' : 'duplicate');
  }

  private notOwn(link: AgentLink, eventId: string): void {
    const { pool, clock, log } = this.deps;
    const known = this.foreign.get(link.ownerId);
    const current = known && known.until > clock.monotonic();
    const told = current ? known : { count: 0, until: clock.monotonic() + HOUR_MS };
    told.count += 1;
    this.foreign.set(link.ownerId, told);
    if (told.count > MOST_FOREIGN) return;
    const { ownerId: id, organizationId, address } = link;
    auditForeignAnswer(pool, { id, organizationId, address }, eventId, clock.now()).catch((error: unknown) =>
      log.error({ err: error, event: eventId }, 'an answer to a foreign event was not recorded'),
    );
  }

  private publish(event: Pending, end: End): void {
    this.deps.bus.publish('event.changed', { eventId: event.id, ...owners(event), ...statusOf(end) });
  }
}

function owners(event: Pending) {
  const { organizationId, appId, agentId, threadId, acceptedAt } = event;
  return { organizationId, appId, agentId, threadId, acceptedAt };
}

function whose(event: Pending) {
  return { id: event.id, ...owners(event) };
}

function statusOf(end: End) {
  return { status: end.status, errorCode: end.status === 'failed' ? end.code : null };
}

function toOutcome(event: Pending, end: End): Outcome {
  return {
    eventId: event.id,
    agentSlug: event.agentSlug,
    threadId: event.threadId,
    idempotencyKey: event.idempotencyKey,
    result: end.status === 'delivered' ? { ...end, rawPayload: event.rawPayload } : end,
  };
}
