import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import type { Server } from 'ws';
import type { Pool } from 'pg';
import type { Trusts } from '../address.ts';
import type { Broker } from '../broker/broker.ts';
import type { Bus } from '../bus/bus.ts';
import type { Clock } from '../clock.ts';
import { Attempts } from '../credentials/attempts.ts';
import type { HolderKind } from '../credentials/holders.ts';
import { createRegister } from '../credentials/register.ts';
import type { Verifier } from '../credentials/verifier.ts';
import type { Log } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import { admit } from './admission.ts';
import type { Admitted } from './admission.ts';
import { PING, serveAgent } from './agent.ts';
import { serveApp } from './app.ts';
import type { AppLimits } from './app.ts';
import { Connection, Line } from './connection.ts';
import type { Caller } from './connection.ts';
import { Guard } from './guard.ts';
import { UpgradeRefused, refuse } from './refusal.ts';
import { Restraint } from './restraint.ts';
import { Seats } from './seats.ts';
import { Turns } from './turns.ts';

/** Largest frame of an app and of an agent, bytes (1009 beyond). */
const FRAME_BYTES: Record<HolderKind, number> = { app: 262_144, agent: 2_097_152 };
const BEAT_MS = 1_000;
/**
 * By itself ws cuts off, without a code, who sends 61 pings before the first pong has left, be it within one read. Here pings
 * are counted like other frames, and unread pongs like other bytes. Its types do not know of this yet.
 */
const PONGS = { maxPendingAutoPongs: 0 };

export interface SocketsOptions {
  pool: Pool;
  bus: Bus;
  broker: Broker;
  verifier: Verifier;
  clock: Clock;
  log: Log;
  metrics: Metrics;
  trusts: Trusts;
  limits: AppLimits;
}

export type Upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer) => void;

/** The doors for apps and agents. */
export interface Sockets {
  app: Upgrade;
  agent: Upgrade;
  close(): void;
}

export function createSockets(options: SocketsOptions): Sockets {
  const { pool, bus, broker, verifier, clock, log, metrics, trusts } = options;
  const guard = new Guard(pool, bus, clock, log);
  const seats = new Seats(metrics);
  const turns = new Turns(clock);
  const restraint = new Restraint(clock);
  const registers = { app: createRegister(pool, clock, 'app'), agent: createRegister(pool, clock, 'agent') };
  const admission = { registers, verifier, trusts, clock, attempts: new Attempts(clock) };
  const servers = { app: webSocketServer('app'), agent: webSocketServer('agent') };
  let closing = false;
  const refused = (code: string) => metrics.refused.inc({ code });

  const beats = clock.every(BEAT_MS, () => {
    for (const connection of guard.all()) {
      // The original agent plugin answers only a ping that is a message.
      if (connection.beat() && connection.kind === 'agent') connection.pump.frame(PING);
    }
  });

  async function upgrade(
    kind: HolderKind,
    request: IncomingMessage,
    socket: Duplex,
    head: Buffer,
  ): Promise<void> {
    try {
      if (closing || broker.draining) throw new UpgradeRefused('UNAVAILABLE', 'Relay is restarting.', 5);
      const admitted = await admit(admission, kind, request);
      await broker.prepare(admitted.holder.organizationId);
      const caller = callerOf(request, admitted);
      if (!seats.take(kind, caller))
        throw new UpgradeRefused('TOO_MANY_CONNECTIONS', 'This token has too many connections.', 30);
      let opened = false;
      if (!socket.destroyed) {
        servers[kind].handleUpgrade(request, socket, head, (line) => {
          opened = true;
          open(kind, line, socket as Socket, caller, admitted.acks);
        });
      }
      // A handshake that fails after all its checks ends the socket without a callback.
      if (!opened) seats.leave(kind, caller);
    } catch (error) {
      const refusal = error instanceof UpgradeRefused ? error : unexpected(error);
      refused(refusal.code);
      refuse(socket, refusal);
    }
  }

  function unexpected(error: unknown): UpgradeRefused {
    log.error({ err: error }, 'an upgrade failed');
    return new UpgradeRefused('UNAVAILABLE', 'Relay cannot take the connection now.', 5);
  }

  function open(kind: HolderKind, line: Line, tcp: Socket, caller: Caller, acks: boolean): void {
    const connection = new Connection(kind, line, tcp, caller, clock, turns, ended);
    guard.watch(kind, connection);
    if (kind === 'app') serveApp(connection, acks, broker, options.limits, restraint, clock, refused);
    else serveAgent(connection, broker, clock, refused);
  }

  function ended(connection: Connection): void {
    guard.forget(connection.kind, connection);
    seats.leave(connection.kind, connection.caller);
  }

  return {
    app: (request, socket, head) => void upgrade('app', request, socket, head),
    agent: (request, socket, head) => void upgrade('agent', request, socket, head),
    close() {
      closing = true;
      beats.cancel();
      guard.close();
      for (const connection of [...guard.all()]) connection.close(1012, 'restarting');
      servers.app.close();
      servers.agent.close();
    },
  };
}

/** What is kept of who came in; the token's hash and the request are not. */
function callerOf(request: IncomingMessage, { holder, address, extended }: Admitted): Caller {
  const { organizationId, organizationSlug, ownerId, slug, tokenId } = holder;
  const client = request.headers['user-agent']?.slice(0, 200) ?? null;
  return { organizationId, organizationSlug, ownerId, slug, tokenId, address, client, extended };
}

function webSocketServer(kind: HolderKind): Server<typeof Line> {
  return new WebSocketServer({
    WebSocket: Line,
    noServer: true,
    clientTracking: false,
    ...PONGS,
    // Deflate would cost every connection a quarter of a megabyte.
    perMessageDeflate: false,
    maxPayload: FRAME_BYTES[kind],
    handleProtocols: (offered) => (offered.has('relay.v1') ? 'relay.v1' : false),
  });
}
