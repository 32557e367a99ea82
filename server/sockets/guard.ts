import type { Pool } from 'pg';
import type { Bus } from '../bus/bus.ts';
import type { Clock } from '../clock.ts';
import { readDoubtful, validityOf } from '../credentials/holders.ts';
import type { HolderKind, Standing } from '../credentials/holders.ts';
import type { Log } from '../log.ts';
import type { Connection } from './connection.ts';

/** Live sockets are looked at this often even when nobody tells of a change: a lost message keeps no dead token alive. */
const SWEEP_MS = 1_000;

/** Closes live connections whose token ended or whose owner was deactivated, and tells of a token being replaced. */
export class Guard {
  private readonly pool: Pool;
  private readonly clock: Clock;
  private readonly log: Log;
  private readonly connections: Record<HolderKind, Set<Connection>> = { app: new Set(), agent: new Set() };
  private readonly end: () => void;

  constructor(pool: Pool, bus: Bus, clock: Clock, log: Log) {
    this.pool = pool;
    this.clock = clock;
    this.log = log;
    const timer = clock.every(SWEEP_MS, () => {
      for (const kind of ['app', 'agent'] as const) void this.check(kind, [...this.connections[kind]]);
    });
    const unsubscribe = bus.subscribe('credential.changed', ({ kind, ownerId }) => {
      void this.check(
        kind,
        [...this.connections[kind]].filter((connection) => connection.caller.ownerId === ownerId),
      );
    });
    this.end = () => {
      timer.cancel();
      unsubscribe();
    };
  }

  watch(kind: HolderKind, connection: Connection): void {
    this.connections[kind].add(connection);
  }

  forget(kind: HolderKind, connection: Connection): void {
    this.connections[kind].delete(connection);
  }

  *all(): Iterable<Connection> {
    yield* this.connections.app;
    yield* this.connections.agent;
  }

  close(): void {
    this.end();
  }

  private async check(kind: HolderKind, connections: Connection[]): Promise<void> {
    if (connections.length === 0) return;
    const tokenIds = [...new Set(connections.map((connection) => connection.caller.tokenId))];
    try {
      const standings = await readDoubtful(this.pool, kind, tokenIds);
      if (standings.length === 0) return;
      const doubtful = new Map(standings.map((standing) => [standing.tokenId, standing]));
      for (const connection of connections) this.judge(connection, doubtful.get(connection.caller.tokenId));
    } catch (error) {
      // A database that is away must not cut off everybody; the next sweep looks again.
      this.log.warn({ err: error }, 'the tokens of live connections could not be read');
    }
  }

  private judge(connection: Connection, standing: Standing | undefined): void {
    if (!standing) return;
    const validity = validityOf(standing, this.clock.now());
    if (validity === 'ended') connection.close(4401, 'token no longer valid');
    else if (validity === 'inactive') connection.close(4403, 'deactivated');
    else if (standing.expiresAt) {
      const message = 'This token was replaced. Reconnect with the new one before it ends.';
      connection.notice({ code: 'TOKEN_ROTATED', message, expiresAt: standing.expiresAt });
    }
  }
}
