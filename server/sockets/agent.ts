import type { AgentDoor, Broker } from '../broker/broker.ts';
import type { AgentLink } from '../broker/links.ts';
import type { Clock } from '../clock.ts';
import { PAYLOAD_BYTES } from '../domain/eventForm.ts';
import { HEARTBEAT_MS } from './connection.ts';
import type { Connection } from './connection.ts';
import { converse } from './dialogue.ts';
import { eventFrame } from './frames.ts';
import { REPLY_BYTES, decodeAgentMessage } from './messages.ts';
import type { AgentMessage } from './messages.ts';

export const PING = '{"type":"ping"}';
const PONG = '{"type":"pong"}';

export function agentLink(connection: Connection): AgentLink {
  const { caller, pump } = connection;
  return {
    kind: 'agent',
    id: connection.id,
    organizationId: caller.organizationId,
    ownerId: caller.ownerId,
    tokenId: caller.tokenId,
    address: caller.address,
    client: caller.client,
    extended: caller.extended,
    connectedAt: connection.connectedAt,
    event: (event) => pump.frame(eventFrame(event)),
    recorded: (eventId, status) => {
      if (caller.extended) pump.frame(JSON.stringify({ type: 'recorded', event_id: eventId, status }));
    },
    cancel: (eventId) => {
      if (caller.extended) pump.frame(JSON.stringify({ type: 'cancel', event_id: eventId }));
    },
    notice: (notice) => connection.notice(notice),
    close: (code, reason) => connection.close(code, reason),
  };
}

/** Greets an agent and turns its frames into calls. Returns what to do when the connection ends. */
export function serveAgent(
  connection: Connection,
  broker: Broker,
  clock: Clock,
  refused: (code: string) => void,
): (peersDoing: boolean) => void {
  const { pump, caller } = connection;
  if (caller.extended) pump.frame(hello(connection));
  const door = broker.attachAgent(agentLink(connection));

  converse<AgentMessage>(connection, clock, refused, {
    decode: decodeAgentMessage,
    take: (message) => take(message, door, connection),
    // What an agent says about events is its work, however fast it streams.
    isWork: ({ type }) => type !== 'ping' && type !== 'pong',
    agentSlug: () => caller.slug,
  });
  return (peersDoing) => door.closed(peersDoing);
}

function take(message: AgentMessage, door: AgentDoor, connection: Connection): void {
  switch (message.type) {
    case 'token':
      door.token(message.eventId, message.attempt, message.token, message.raw);
      return;
    case 'reply':
      door.outcome(message.eventId, replyEnd(message));
      return;
    case 'error':
      door.outcome(message.eventId, { status: 'failed', code: message.code, message: message.error });
      return;
    case 'ping':
      connection.pump.frame(PONG);
      return;
    case 'pong':
  }
}

function replyEnd(message: Extract<AgentMessage, { type: 'reply' }>) {
  if (message.contentBytes > REPLY_BYTES) {
    const reason = `The agent's reply has ${message.contentBytes} bytes, more than ${REPLY_BYTES}.`;
    return { status: 'failed', code: 'AGENT_ERROR', message: reason } as const;
  }
  return { status: 'delivered', rawContent: message.rawContent, rawMetadata: message.rawMetadata } as const;
}

function hello(connection: Connection): string {
  return JSON.stringify({
    type: 'hello',
    connection_id: connection.id,
    agent_id: connection.caller.slug,
    heartbeat_seconds: HEARTBEAT_MS / 1_000,
    limits: { payload_bytes: PAYLOAD_BYTES, reply_bytes: REPLY_BYTES },
  });
}
