import type { Bus } from '../bus/bus.ts';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import { allows } from './directory.ts';
import type { AgentEntry, Directory, DirectoryPage } from './directory.ts';
import type { Handover } from './handover.ts';
import type { Homes } from './homes.ts';
import type { Journal } from './journal.ts';
import type { Limits } from './limits.ts';
import type { Refusal } from './links.ts';
import type { Peer } from './peer.ts';
import type { Pending } from './pending.ts';
import type { AcceptRecord, AcceptResult } from './records.ts';

/** An event as an app's socket or the dashboard asks for it, already checked for form. */
export interface EventRequest {
  agentSlug: string;
  threadId: string;
  /** Raw JSON text of an object. */
  rawPayload: string;
  idempotencyKey: string | null;
  ifOffline: 'queue' | 'fail';
  traceparent: string | null;
}

/** Who asks: a row of the app table, through a socket or on a person's behalf. */
export interface Sender {
  organizationId: string;
  appId: string;
  origin: 'app' | 'dashboard';
  handOver: boolean;
  resendOf: string | null;
}

export type Verdict =
  | { kind: 'accepted'; eventId: string; duplicate: boolean }
  | ({ kind: 'refused' } & Pick<Refusal, 'eventId' | 'code' | 'message' | 'retryAfterMs'>);

export type Answer = (verdict: Verdict) => void;

interface Admission {
  record: AcceptRecord;
  agent: AgentEntry | null;
  page: DirectoryPage;
  peer: Peer | null;
  answer: Answer;
}

export interface AcceptOptions {
  directory: Directory;
  limits: Limits;
  homes: Homes;
  handover: Handover;
  journal: Journal;
  bus: Bus;
  clock: Clock;
  log: Log;
  metrics: Metrics;
  nextId: () => string;
  /** Most events waiting for one agent, 0 = any number. */
  backlog: number;
}

/** An accept waits this long for its commit (protocol §7). */
const PATIENCE_MS = 5_000;
/** Payload text that may wait for its commit, UTF-16 units: what a database that hangs can cost in memory. */
const MOST_WAITING_TEXT = 67_108_864;
const BACKLOG_RETRY_MS = 5_000;

/** Decides whether an event may come in, and records it. */
export class Accept {
  private readonly deps: AcceptOptions;
  draining = false;
  /** Payload text that waits for its commit. */
  private waitingText = 0;

  constructor(options: AcceptOptions) {
    this.deps = options;
  }

  /**
   * Answers once the event is committed or refused. The steps up to the journal run at once, so that the order of calls is
   * the order of events.
   *
   * @param peer the connection that gets tokens and outcome; null for the dashboard
   */
  admit(sender: Sender, request: EventRequest, page: DirectoryPage, peer: Peer | null, answer: Answer): void {
    const refusal = this.refusal(sender);
    if (refusal) return answer(refusal);
    const agent = page.agentsBySlug.get(request.agentSlug) ?? null;
    const record = this.record(sender, request, agent);
    const crowded = record.status === 'pending' && agent ? this.crowded(agent) : null;
    if (crowded) return answer(crowded);
    this.commit({ record, agent, page, peer, answer });
  }

  private refusal(sender: Sender): Verdict | null {
    if (this.draining) return unavailable('Relay is restarting.');
    const taken = this.deps.limits.take(sender.appId);
    if (!taken.allowed) {
      return rateLimited('The app sends more events per minute than it may.', taken.retryAfterMs);
    }
    if (this.deps.limits.full(sender.appId)) {
      return rateLimited('The app has as many events in flight as it may have.', 1_000);
    }
    return null;
  }

  private crowded(agent: AgentEntry): Verdict | null {
    const { homes, backlog } = this.deps;
    if (backlog === 0 || homes.open(agent).window.waiting < backlog) return null;
    return rateLimited(`The agent's backlog of ${backlog} waiting events is full.`, BACKLOG_RETRY_MS);
  }

  private record(sender: Sender, request: EventRequest, agent: AgentEntry | null): AcceptRecord {
    const end = verdictOn(agent, sender.appId) ?? this.absence(request, agent);
    return {
      id: this.deps.nextId(),
      organizationId: sender.organizationId,
      appId: sender.appId,
      agentId: agent?.id ?? null,
      agentSlug: request.agentSlug,
      threadId: request.threadId,
      status: end?.status ?? 'pending',
      origin: sender.origin,
      payload: request.rawPayload,
      traceparent: request.traceparent,
      idempotencyKey: request.idempotencyKey,
      // An event that ends as it is recorded is answered on the spot: nothing is left to hand over.
      handOver: sender.handOver && end === null,
      resendOf: sender.resendOf,
      acceptedAt: this.deps.clock.now(),
      errorCode: end?.code ?? null,
      errorText: end?.message ?? null,
    };
  }

  /** Why an event that does not wait for its agent ends as it is recorded; null when it is to be dispatched. */
  private absence(request: EventRequest, agent: AgentEntry | null): End | null {
    if (!agent || request.ifOffline !== 'fail' || this.deps.homes.open(agent).online) return null;
    return { status: 'failed', code: 'AGENT_OFFLINE', message: 'The agent is not connected.' };
  }

  private commit(admission: Admission): void {
    const { journal, clock, metrics, log } = this.deps;
    const { record, answer } = admission;
    if (this.waitingText > MOST_WAITING_TEXT)
      return answer(unavailable('Too many events wait to be recorded.'));
    this.waitingText += record.payload.length;
    const recorded = journal.accept(record).finally(() => (this.waitingText -= record.payload.length));
    const started = clock.monotonic();
    let answered = false;
    const settle = (verdict: Verdict) => {
      if (!answered) answer(verdict);
      answered = true;
    };
    const patience = clock.after(PATIENCE_MS, () => {
      journal.withdraw(record);
      settle(perhapsRecorded());
    });
    recorded.then(
      (result) => {
        patience.cancel();
        metrics.acceptSeconds.observe((clock.monotonic() - started) / 1_000);
        const peer = answered ? null : admission.peer;
        if (result.kind === 'recorded' && peer && record.status === 'pending')
          this.deps.handover.expect(peer, record.id);
        // Nothing about an event may overtake its `accepted`, so the answer goes out before the agent hears of it.
        settle(verdictOf(record, result));
        if (result.kind === 'recorded') this.recorded(admission);
      },
      (error: unknown) => {
        patience.cancel();
        log.warn({ err: error, event: record.id }, 'an event was not recorded');
        settle(perhapsRecorded());
      },
    );
  }

  /** After the commit, also when nobody waited for it any more: the event is there now. */
  private recorded({ record, agent, page }: Admission): void {
    const { homes, bus, metrics } = this.deps;
    const { id: eventId, organizationId, appId, agentId, threadId, status, errorCode, acceptedAt } = record;
    bus.publish('event.changed', {
      eventId,
      organizationId,
      appId,
      agentId,
      threadId,
      status,
      errorCode,
      acceptedAt,
    });
    // What is known of the agent here is as old as the event's coming: an open home may have heard of a change since.
    if (status === 'pending' && agent)
      (homes.find(agent.id) ?? homes.open(agent)).enqueue(toPending(record, agent, page));
    else metrics.events.inc({ status });
  }
}

/** How an event ends that is not dispatched. */
interface End {
  status: 'failed' | 'rejected';
  code: string;
  message: string;
}

/** Why no event of this app may reach the agent; null when it may. */
export function verdictOn(agent: AgentEntry | null, appId: string): End | null {
  if (!agent?.active)
    return { status: 'rejected', code: 'AGENT_NOT_FOUND', message: 'There is no such active agent.' };
  if (!allows(agent, appId))
    return { status: 'rejected', code: 'NOT_ALLOWED', message: "The app is not on the agent's allowlist." };
  return null;
}

function perhapsRecorded(): Verdict {
  return unavailable(
    'The database cannot commit now. Perhaps the event was recorded: retry with the same key.',
  );
}

function verdictOf(record: AcceptRecord, result: AcceptResult): Verdict {
  if (result.kind === 'duplicate' && result.rejection) {
    return { kind: 'refused', eventId: result.eventId, ...result.rejection };
  }
  if (result.kind === 'duplicate') return { kind: 'accepted', eventId: result.eventId, duplicate: true };
  if (result.kind === 'mismatch') {
    return {
      kind: 'refused',
      eventId: null,
      code: 'INVALID_MESSAGE',
      message: 'The field "idempotency_key" was used before with another agent, thread or payload.',
    };
  }
  if (record.status === 'pending') return { kind: 'accepted', eventId: record.id, duplicate: false };
  return {
    kind: 'refused',
    eventId: record.id,
    code: record.errorCode ?? '',
    message: record.errorText ?? '',
  };
}

function toPending(record: AcceptRecord, agent: AgentEntry, page: DirectoryPage): Pending {
  return {
    id: record.id,
    organizationId: record.organizationId,
    appId: record.appId,
    appSlug: page.appSlugs.get(record.appId) ?? '',
    agentId: agent.id,
    agentSlug: agent.slug,
    threadId: record.threadId,
    rawPayload: record.payload,
    traceparent: record.traceparent,
    idempotencyKey: record.idempotencyKey,
    handOver: record.handOver,
    acceptedAt: record.acceptedAt,
    attempt: 0,
    lost: 0,
    first: null,
    firstTokenAt: null,
    flight: null,
    settling: false,
  };
}

function unavailable(message: string): Verdict {
  return { kind: 'refused', eventId: null, code: 'UNAVAILABLE', message };
}

function rateLimited(message: string, retryAfterMs: number): Verdict {
  return { kind: 'refused', eventId: null, code: 'RATE_LIMITED', message, retryAfterMs };
}
