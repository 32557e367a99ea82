import type { AgentDoor, Broker } from '../broker/broker.ts';
import type { AgentLink, EventFrame } from '../broker/links.ts';
import type { Clock } from '../clock.ts';
import { PAYLOAD_BYTES } from '../domain/eventForm.ts';
import { HEARTBEAT_MS } from './connection.ts';
import type { Connection } from './connection.ts';
import { Conversation } from './dialogue.ts';
import type { Dialogue } from './dialogue.ts';
import { eventFrame } from './frames.ts';
import { SocketLink } from './link.ts';
import { REPLY_BYTES, decodeAgentMessage } from './messages.ts';
import type { AgentMessage } from './messages.ts';

export const PING = '{"type":"ping"}';
const PONG = '{"type":"pong"}';

class AgentSocketLink extends SocketLink implements AgentLink {
  readonly kind = 'agent';

  event(event: EventFrame): void {
    this.connection.pump.frame(eventFrame(event));
  }

  recorded(eventId: string, status: 'delivered' | 'failed' | 'duplicate' | 'stale'): void {
    if (!this.extended) return;
    this.connection.pump.frame(JSON.stringify({ type: 'recorded', event_id: eventId, status }));
  }

  cancel(eventId: string): void {
    if (!this.extended) return;
    this.connection.pump.frame(JSON.stringify({ type: 'cancel', event_id: eventId }));
  }
}

const DIALOGUE: Dialogue<AgentMessage, AgentDoor> = {
  decode: decodeAgentMessage,
  take,
  // What an agent says about events is its work, however fast it streams.
  isWork: ({ type }) => type !== 'ping' && type !== 'pong',
  agentSlug: (_error, connection) => connection.caller.slug,
};

/** Greets an agent and turns its frames into calls, until the connection ends. */
export function serveAgent(
  connection: Connection,
  broker: Broker,
  clock: Clock,
  refused: (code: string) => void,
): void {
  if (connection.caller.extended) connection.pump.frame(hello(connection));
  const door = broker.attachAgent(new AgentSocketLink(connection));
  connection.converse(new Conversation(connection, door, DIALOGUE, clock, refused));
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
