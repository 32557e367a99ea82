import type { Pool } from 'pg';
import type { Bus } from '../bus/bus.ts';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import { Accept, verdictOn } from './accept.ts';
import type { EventRequest, Sender, Verdict } from './accept.ts';
import { createDirectory } from './directory.ts';
import { Dispatch } from './dispatch.ts';
import { Doors } from './doors.ts';
import type { AgentDoor, AppDoor } from './doors.ts';
import { createEventIds } from './eventId.ts';
import { Handover } from './handover.ts';
import { Homes } from './homes.ts';
import { createJournal } from './journal.ts';
import { createLimits } from './limits.ts';
import type { AgentLink, AppLink } from './links.ts';
import { holdNode } from './node.ts';
import { Outcomes } from './outcomes.ts';
import { createPresence } from './presence.ts';

export type { AgentDoor, AppDoor } from './doors.ts';

/** What the rooms above may ask of the broker. */
export interface Broker {
  /** Takes an app's connection in; the door is how it speaks. */
  attachApp(link: AppLink): AppDoor;
  attachAgent(link: AgentLink): AgentDoor;
  /** Makes what connections of this organisation need quickly at hand; awaited before they are let in. */
  prepare(organizationId: string): Promise<void>;
  /** Records and dispatches an event that a person sends from the dashboard; resolves once it is committed. */
  send(event: DashboardEvent): Promise<Sent>;
  /** How far an event is that is being answered on this node; null when it is not. */
  progress(agentId: string, eventId: string): Progress | null;
  /** Events handed to the agent and not answered; null when this node is not where it is at home. */
  inFlight(agentId: string): number | null;
  /** Why events of an app may not reach an agent, as they would be told; null when they may. Nothing is sent. */
  judge(
    organizationId: string,
    appId: string,
    agentId: string,
  ): Promise<{ code: string; message: string } | null>;
  /** Whether new work is refused. */
  readonly draining: boolean;
  /**
   * Refuses new work and waits, at most 25 seconds, until nothing is in flight, every message is answered and every outcome
   * is confirmed.
   */
  drain(): Promise<void>;
  close(): Promise<void>;
}

/** The attempt under way. What is known of it reaches the database with the outcome only. */
export interface Progress {
  attempt: number;
  /** What has streamed so far of this attempt. */
  text: string;
  /** The first dispatch and the first token of any attempt, ms since the epoch, and the connection dispatched to first. */
  dispatchedAt: number | null;
  connectionId: string | null;
  firstTokenAt: number | null;
}

export interface DashboardEvent {
  organizationId: string;
  /** Row id of the app in whose name it is sent. Allowlist and agent are checked as for any event. */
  appId: string;
  /** Public id of the agent. */
  agentSlug: string;
  /** 1–512 characters. */
  threadId: string;
  /** Raw JSON text of an object, at most 65,536 bytes in UTF-8. */
  payload: string;
  /** Whether the app's own sockets get the outcome. */
  handOver: boolean;
  /** The id (`evt_…`) of the event this one sends again. */
  resendOf: string | null;
}

/**
 * `recorded`: the event is in the history under `eventId`, also when its status is `rejected`. `refused`: nothing was
 * recorded (limits), or perhaps it was (`UNAVAILABLE`).
 */
export type Sent = { kind: 'recorded'; eventId: string } | { kind: 'refused'; code: string; message: string };

export interface BrokerOptions {
  databaseUrl: string;
  pool: Pool;
  bus: Bus;
  clock: Clock;
  log: Log;
  metrics: Metrics;
  /** Names this process among those that share the database; a restart under the same id replaces the earlier start. */
  nodeId: string;
  /** Events per app and minute, dispatched and unanswered per app, waiting per agent; 0 = no limit. */
  limits: { eventsPerMinute: number; inFlight: number; backlog: number };
}

const DRAIN_MS = 25_000;

export async function createBroker(options: BrokerOptions): Promise<Broker> {
  const { databaseUrl, pool, bus, clock, log, metrics } = options;
  const node = await holdNode(pool, options.nodeId, clock, bus, log);
  const nextId = createEventIds(node.epoch, () => clock.now());
  const journal = createJournal(databaseUrl, clock, log);
  const presence = createPresence(databaseUrl, node, bus, clock, log);
  const directory = createDirectory(pool, bus, clock);
  const limits = createLimits(options.limits.eventsPerMinute, options.limits.inFlight, clock);
  const handover = new Handover({ pool, journal, clock, log }, ({ id: eventId, ...event }) =>
    bus.publish('event.changed', { eventId, ...event }),
  );
  const dispatch = new Dispatch({ limits, handover, bus, presence });
  const backlog = options.limits.backlog;
  const homes = new Homes({ pool, bus, directory, node, clock, log, on: dispatch, backlog });
  const outcomes = new Outcomes({ pool, bus, clock, log, metrics, journal, homes, handover });
  dispatch.outcomes = outcomes;
  const accept = new Accept({
    directory,
    limits,
    homes,
    handover,
    journal,
    bus,
    clock,
    log,
    metrics,
    nextId,
    backlog,
  });
  const doors = new Doors({ accept, directory, handover, homes, outcomes, presence, log });
  await homes.sweep();
  const gauge = clock.every(5_000, () => metrics.backlog.set(homes.waiting + homes.inFlight));

  return {
    attachApp: (link) => doors.app(link),
    attachAgent: (link) => doors.agent(link),
    prepare: async (organizationId) => void (await directory.load(organizationId)),
    async send(event) {
      const page = await directory.load(event.organizationId);
      const verdict = await new Promise<Verdict>((resolve) => {
        accept.admit(senderOf(event), requestOf(event), page, null, resolve);
      });
      if (verdict.kind === 'accepted') return { kind: 'recorded', eventId: verdict.eventId };
      if (verdict.eventId) return { kind: 'recorded', eventId: verdict.eventId };
      return { kind: 'refused', code: verdict.code, message: verdict.message };
    },
    progress(agentId, eventId) {
      const event = homes.find(agentId)?.find(eventId);
      if (!event?.flight) return null;
      const { attempt, flight, first, firstTokenAt } = event;
      const [dispatchedAt, connectionId] = [first?.at ?? null, first?.connectionId ?? null];
      return { attempt, text: flight.parts.join(''), dispatchedAt, connectionId, firstTokenAt };
    },
    inFlight: (agentId) => homes.find(agentId)?.inFlight ?? null,
    async judge(organizationId, appId, agentId) {
      const page = await directory.load(organizationId);
      return verdictOn(page.agentsById.get(agentId) ?? null, appId);
    },
    get draining() {
      return accept.draining;
    },
    async drain() {
      accept.draining = true;
      homes.drain();
      doors.notice({ code: 'DRAINING', message: 'Relay is restarting. Reconnect in a moment.' });
      await settled(() => homes.inFlight + doors.unsettled + handover.unfinished === 0);
    },
    async close() {
      accept.draining = true;
      gauge.cancel();
      homes.close();
      doors.close();
      handover.close();
      directory.close();
      await journal.close();
      await presence.close();
      await node
        .release()
        .catch((error: unknown) => log.warn({ err: error }, 'the node lease could not be given back'));
    },
  };

  function settled(done: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      if (done()) return resolve();
      const end = clock.after(DRAIN_MS, finish);
      const look = clock.every(50, () => done() && finish());
      function finish() {
        end.cancel();
        look.cancel();
        resolve();
      }
    });
  }
}

function senderOf(event: DashboardEvent): Sender {
  const { organizationId, appId, handOver, resendOf } = event;
  return { organizationId, appId, handOver, resendOf, origin: 'dashboard' };
}

function requestOf(event: DashboardEvent): EventRequest {
  return {
    agentSlug: event.agentSlug,
    threadId: event.threadId,
    rawPayload: event.payload,
    idempotencyKey: null,
    ifOffline: 'queue',
    traceparent: null,
  };
}
