import type { AppDoor, Broker } from '../broker/broker.ts';
import type { AcceptedFrame, AppLink, Outcome, Refusal } from '../broker/links.ts';
import type { Clock } from '../clock.ts';
import { PAYLOAD_BYTES } from '../domain/eventForm.ts';
import { HEARTBEAT_MS } from './connection.ts';
import type { Connection } from './connection.ts';
import { converse } from './dialogue.ts';
import { acceptedFrame, outcomeFrame, refusedFrame, restartFrame } from './frames.ts';
import { decodeAppMessage } from './messages.ts';
import type { AppMessage } from './messages.ts';

export interface AppLimits {
  eventsPerMinute: number;
  inFlight: number;
}

const PONG = '{"type":"pong"}';

/** The link of an app's connection: the broker's decisions as frames. */
export function appLink(connection: Connection, acks: boolean): AppLink {
  const { caller, pump } = connection;
  const { slug } = caller;
  return {
    kind: 'app',
    id: connection.id,
    organizationId: caller.organizationId,
    ownerId: caller.ownerId,
    tokenId: caller.tokenId,
    address: caller.address,
    client: caller.client,
    extended: caller.extended,
    connectedAt: connection.connectedAt,
    slug,
    acks,
    accepted: (frame: AcceptedFrame) => pump.frame(acceptedFrame(frame, slug)),
    token: (eventId, agentSlug, raw) => pump.token(eventId, agentSlug, raw),
    restart: (eventId, attempt) => pump.frameOf(eventId, restartFrame(eventId, attempt), false),
    outcome: (outcome: Outcome) => pump.frameOf(outcome.eventId, outcomeFrame(outcome, slug), true),
    refused: (refusal: Refusal) => pump.frame(refusedFrame(refusal)),
    probe: (confirmed) => connection.probe(confirmed),
    notice: (notice) => connection.notice(notice),
    close: (code, reason) => connection.close(code, reason),
  };
}

/** Greets an app and turns its frames into calls. Returns what to do when the connection ends. */
export function serveApp(
  connection: Connection,
  acks: boolean,
  broker: Broker,
  limits: AppLimits,
  clock: Clock,
  refused: (code: string) => void,
): () => void {
  const { pump, caller } = connection;
  if (caller.extended) pump.frame(hello(connection, limits));
  const door = broker.attachApp(appLink(connection, acks));

  converse<AppMessage>(connection, clock, refused, {
    decode: decodeAppMessage,
    take: (message) => take(message, door, connection),
    // Acknowledgements keep pace with outcomes, which may be many.
    isWork: ({ type }) => type === 'event' || type === 'ack',
    agentSlug: (error) => error.agentId,
  });
  return () => door.closed();
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
