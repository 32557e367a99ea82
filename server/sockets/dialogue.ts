import type { Clock } from '../clock.ts';
import type { Connection, Ear } from './connection.ts';
import { refusedFrame } from './frames.ts';
import { InvalidMessageError } from './messages.ts';
import { WindowCounter } from './rate.ts';

/** Malformed messages a minute (4400, protocol §10). */
const MOST_MALFORMED = 20;

/** How peers of one kind are spoken with; one for all their connections. */
export interface Dialogue<M, D> {
  /** Throws InvalidMessageError. */
  decode(text: string): M;
  take(message: M, door: D, connection: Connection): void;
  /** Whether a message is what the peer is here for, however often it comes; only the rest can be a flood. */
  isWork(message: M): boolean;
  /** The agent that an answer to a malformed message names. */
  agentSlug(error: InvalidMessageError, connection: Connection): string | null;
}

/** Reads a connection's frames, answers those that are malformed, and ends a peer that sends too much of nothing. */
export class Conversation<M, D extends { closed(peersDoing: boolean): void }> implements Ear {
  private readonly connection: Connection;
  private readonly door: D;
  private readonly dialogue: Dialogue<M, D>;
  private readonly clock: Clock;
  private readonly refused: (code: string) => void;
  /** Made for the first malformed message: most connections never send one. */
  private malformed: WindowCounter | null = null;

  constructor(
    connection: Connection,
    door: D,
    dialogue: Dialogue<M, D>,
    clock: Clock,
    refused: (code: string) => void,
  ) {
    this.connection = connection;
    this.door = door;
    this.dialogue = dialogue;
    this.clock = clock;
    this.refused = refused;
  }

  hear(text: string | null): void {
    const message = this.read(text);
    if (message === null) return;
    if (this.dialogue.isWork(message) || !this.connection.flooded())
      this.dialogue.take(message, this.door, this.connection);
  }

  gone(peersDoing: boolean): void {
    this.door.closed(peersDoing);
  }

  private read(text: string | null): M | null {
    try {
      if (text === null) throw new InvalidMessageError('A binary frame is not understood.');
      return this.dialogue.decode(text);
    } catch (error) {
      if (!(error instanceof InvalidMessageError)) throw error;
      this.answer(error);
      return null;
    }
  }

  private answer(error: InvalidMessageError): void {
    const { connection } = this;
    this.refused(error.code);
    const { idempotencyKey, code, message } = error;
    const agentSlug = this.dialogue.agentSlug(error, connection);
    connection.pump.frame(refusedFrame({ eventId: null, agentSlug, idempotencyKey, code, message }));
    // A payload that is too large is well-formed; it is only as little an event as a ping is.
    if (code === 'PAYLOAD_TOO_LARGE') connection.flooded();
    else if ((this.malformed ??= new WindowCounter(this.clock, 60_000, MOST_MALFORMED)).exceeded())
      connection.close(4400, 'too many malformed messages');
  }
}
