import type { Duplex } from 'node:stream';
import { WebSocket } from 'ws';

/** Bytes a socket may have unsent before what is next waits in the subscription's queue. */
const ROOM = 65_536;
/** What is longer is not copied for each subscriber, at the price of a second buffer in the write. */
const COPIED = 16_384;
const TEXT = 0x81;

/** A message of a subscription but for its operation's id: made once for all who are told the same. */
export type Message = Buffer;

export function messageOf(result: object): Message {
  return Buffer.from(`,"type":"next","payload":${JSON.stringify(result)}}`);
}

/** Writes messages of one operation to its socket, each as one frame in one write. */
export interface Sink {
  /** Whether a message leaves at once, neither behind others nor to a socket that closes. */
  hasRoom(): boolean;
  send(message: Message): void;
}

/**
 * Frames are made here and not by `ws`, which writes head and text as two buffers: that takes twice as long. Nothing of
 * a frame that `ws` writes can come in between, since it writes each in one go too.
 */
export function createSink(socket: WebSocket, raw: Duplex, operationId: string): Sink {
  const id = Buffer.from(`{"id":${JSON.stringify(operationId)}`);
  return {
    hasRoom: () => raw.writableLength < ROOM && socket.readyState === WebSocket.OPEN,
    send(message) {
      if (socket.readyState !== WebSocket.OPEN) return;
      if (message.length <= COPIED) {
        raw.write(frameOf(id, message, id.length + message.length));
        return;
      }
      raw.cork();
      raw.write(frameOf(id, message, id.length));
      raw.write(message);
      raw.uncork();
    },
  };
}

/** The frame up to its text's `copied`th byte. */
function frameOf(id: Buffer, message: Buffer, copied: number): Buffer {
  const length = id.length + message.length;
  const head = length < 126 ? 2 : length < 65_536 ? 4 : 10;
  const frame = Buffer.allocUnsafe(head + copied);
  frame[0] = TEXT;
  frame[1] = head === 2 ? length : head === 4 ? 126 : 127;
  if (head === 4) frame.writeUInt16BE(length, 2);
  if (head === 10) frame.writeBigUInt64BE(BigInt(length), 2);
  id.copy(frame, head);
  message.copy(frame, head + id.length);
  return frame;
}
