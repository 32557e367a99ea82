import type { AppDoor, Broker } from '../broker/broker.ts';
import type { AcceptedFrame, AppLink, Outcome, Refusal } from '../broker/links.ts';
import type { Clock } from '../clock.ts';
import { PAYLOAD_BYTES } from '../domain/eventForm.ts';
import { HEARTBEAT_MS } from './connection.ts';
import type { Connection } from './connection.ts';
import { Conversation } from './dialogue.ts';
import type { Dialogue } from './dialogue.ts';
import { acceptedFrame, outcomeFrame, refusedFrame, restartFrame } from './frames.ts';
import { SocketLink } from './link.ts';
import { decodeAppMessage } from './messages.ts';
import type { AppMessage } from './messages.ts';
import type { Restraint } from './restraint.ts';

export interface AppLimits {
  eventsPerMinute: number;
  inFlight: number;
}

const PONG = '{"type":"pong"}';

/** The link of an app's connection: the broker's decisions as frames. */
class AppSocketLink extends SocketLink implements AppLink {
  readonly kind = 'app';
  readonly acks: boolean;
  private readonly restraint: Restraint;

  constructor(connection: Connection, acks: boolean, restraint: Restraint) {
    super(connection);
    this.acks = acks;
    this.restraint = restraint;
  }

  get slug(): string {
    return this.connection.caller.slug;
  }

  accepted(frame: AcceptedFrame): void {
    this.connection.pump.frame(acceptedFrame(frame, this.slug));
  }

  token(eventId: string, agentSlug: string, raw: string): void {
    this.connection.pump.token(eventId, agentSlug, raw);
  }

  restart(eventId: string, attempt: number): void {
    this.connection.pump.frameOf(eventId, restartFrame(eventId, attempt), false);
  }

  outcome(outcome: Outcome): void {
    this.connection.pump.frameOf(outcome.eventId, outcomeFrame(outcome, this.slug), true);
  }

  refused(refusal: Refusal): void {
    this.connection.pump.frame(refusedFrame(refusal));
    if (refusal.code === 'RATE_LIMITED') this.restraint.refused(this.connection);
  }

  probe(confirmed: () => void): void {
    this.connection.probe(confirmed);
  }
}

const DIALOGUE: Dialogue<AppMessage, AppDoor> = {
  decode: decodeAppMessage,
  take,
  // Acknowledgements keep pace with outcomes, which may be many.
  isWork: ({ type }) => type === 'event' || type === 'ack',
  agentSlug: (error) => error.agentId,
};

/** Greets an app and turns its frames into calls, until the connection ends. */
export function serveApp(
  connection: Connection,
  acks: boolean,
  broker: Broker,
  limits: AppLimits,
  restraint: Restraint,
  clock: Clock,
  refused: (code: string) => void,
): void {
  if (connection.caller.extended) connection.pump.frame(hello(connection, limits));
  const door = broker.attachApp(new AppSocketLink(connection, acks, restraint));
  connection.converse(new Conversation(connection, door, DIALOGUE, clock, refused));
}

function take(message: AppMessage, door: AppDoor, connection: Connection): void {
  switch (message.type) {
    case 'event':
      door.event({ ...message, agentSlug: message.agentId, rawPayload: message.payload });
      return;
    case 'ack':
      door.ack(message.eventId);
      return;
    case 'ping':
      connection.pump.frame(PONG);
      return;
    case 'pong':
      return;
    case 'discover':
      void discover(door, connection);
  }
}

async function discover(door: AppDoor, connection: Connection): Promise<void> {
  try {
    const agents = await door.discover();
    const list = agents.map(({ agentId, ...agent }) => ({ agent_id: agentId, ...agent }));
    connection.pump.frame(JSON.stringify({ type: 'agents', agents: list }));
  } catch {
    const message = 'The database cannot be read now.';
    connection.pump.frame(
      refusedFrame({ eventId: null, agentSlug: null, idempotencyKey: null, code: 'UNAVAILABLE', message }),
    );
  }
}

function hello(connection: Connection, limits: AppLimits): string {
  return JSON.stringify({
    type: 'hello',
    connection_id: connection.id,
    app_id: connection.caller.slug,
    heartbeat_seconds: HEARTBEAT_MS / 1_000,
    limits: {
      payload_bytes: PAYLOAD_BYTES,
      events_per_minute: limits.eventsPerMinute,
      in_flight: limits.inFlight,
    },
  });
}
