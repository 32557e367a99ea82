import type { Clock } from '../clock.ts';
import type { Connection } from './connection.ts';
import { refusedFrame } from './frames.ts';
import { InvalidMessageError } from './messages.ts';
import { WindowCounter } from './rate.ts';

/** Malformed messages a minute (4400, protocol §10). */
const MOST_MALFORMED = 20;

export interface Dialogue<M> {
  /** Throws InvalidMessageError. */
  decode(text: string): M;
  take(message: M): void;
  /** Whether a message is what the peer is here for, however often it comes; only the rest can be a flood. */
  isWork(message: M): boolean;
  /** The agent that an answer to a malformed message names. */
  agentSlug(error: InvalidMessageError): string | null;
}

/** Reads a connection's frames, answers those that are malformed, and ends a peer that sends too much of nothing. */
export function converse<M>(
  connection: Connection,
  clock: Clock,
  refused: (code: string) => void,
  dialogue: Dialogue<M>,
): void {
  const malformed = new WindowCounter(clock, 60_000, MOST_MALFORMED);

  connection.onText((text) => {
    const message = read(text);
    if (message === null) return;
    if (dialogue.isWork(message) || !connection.flooded()) dialogue.take(message);
  });

  function read(text: string | null): M | null {
    try {
      if (text === null) throw new InvalidMessageError('A binary frame is not understood.');
      return dialogue.decode(text);
    } catch (error) {
      if (!(error instanceof InvalidMessageError)) throw error;
      refused(error.code);
      const { idempotencyKey, code, message } = error;
      const agentSlug = dialogue.agentSlug(error);
      connection.pump.frame(refusedFrame({ eventId: null, agentSlug, idempotencyKey, code, message }));
      // A payload that is too large is well-formed; it is only as little an event as a ping is.
      if (code === 'PAYLOAD_TOO_LARGE') connection.flooded();
      else if (malformed.exceeded()) connection.close(4400, 'too many malformed messages');
      return null;
    }
  }
}
