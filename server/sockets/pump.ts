import type { Socket } from 'node:net';
import type { WebSocket } from 'ws';
import { tokenFrame } from './frames.ts';

/** Most bytes that may be unread by a peer, in the socket's buffer and in the queue (protocol §10, 4413). */
const MOST_UNREAD = 8_388_608;
/** While this much is unread, fragments wait in the queue, where they can still be joined. */
const BUSY_BYTES = 65_536;

/** Frames queued on one socket, and on all of them in one turn of the event loop, from which on fragments are joined. */
const CROWDED_SOCKET = 32;
const CROWDED_TURN = 256;

/** What all sockets together were given to send in this turn of the event loop. */
export class Load {
  private frames = 0;

  note(): void {
    if (this.frames === 0) setImmediate(() => (this.frames = 0));
    this.frames += 1;
  }

  get high(): boolean {
    return this.frames >= CROWDED_TURN;
  }
}

interface TokenRun {
  eventId: string;
  agentSlug: string;
  /** Insides of raw JSON string literals; joined they are the inside of one. */
  inner: string;
}

type Item = string | TokenRun | { probe: () => void } | { eventId: string; text: string; last: boolean };

/**
 * One socket's way out. What is queued in one turn of the event loop leaves in one write, and adjacent fragments of
 * one event are joined under load, so that fast answers cost fewer frames and a slow reader little memory.
 */
export class Pump {
  private readonly socket: WebSocket;
  private readonly tcp: Socket;
  private readonly load: Load;
  private readonly onOverflow: () => void;
  private queue: Item[] = [];
  private queued = 0;
  private scheduled = false;
  private ended = false;
  /** The run of each event that can still grow: nothing about that event was queued behind it. */
  private readonly open = new Map<string, TokenRun>();
  /** Token frames sent per event. */
  private readonly sequence = new Map<string, number>();

  constructor(socket: WebSocket, tcp: Socket, load: Load, onOverflow: () => void) {
    this.socket = socket;
    this.load = load;
    this.tcp = tcp;
    this.onOverflow = onOverflow;
  }

  frame(text: string): void {
    this.put(text, text.length);
  }

  /** @param raw a JSON string literal with its quotes */
  token(eventId: string, agentSlug: string, raw: string): void {
    const inner = raw.slice(1, -1);
    const run = this.open.get(eventId);
    if (run && (this.load.high || this.queue.length >= CROWDED_SOCKET)) {
      run.inner += inner;
      this.grow(inner.length);
      return;
    }
    const fresh = { eventId, agentSlug, inner };
    this.open.set(eventId, fresh);
    this.put(fresh, inner.length + 128);
  }

  /** A frame about an event that must stay behind its tokens so far; `last` when none can follow. */
  frameOf(eventId: string, text: string, last: boolean): void {
    this.open.delete(eventId);
    this.put({ eventId, text, last }, text.length);
  }

  /** Runs when everything queued before it has gone into the socket. */
  behind(probe: () => void): void {
    this.put({ probe }, 0);
  }

  /** Looks at what is unread although nothing was queued here. */
  check(): void {
    this.grow(0);
  }

  /** Writes everything queued, as before a close. */
  finish(): void {
    if (this.ended || this.queue.length === 0) return;
    this.tcp.cork();
    for (const item of this.queue) if (typeof item === 'string' || !('probe' in item)) this.write(item);
    this.tcp.uncork();
    this.queue = [];
  }

  end(): void {
    this.ended = true;
    this.queue = [];
    this.open.clear();
    this.sequence.clear();
  }

  private put(item: Item, size: number): void {
    if (this.ended) return;
    this.load.note();
    this.queue.push(item);
    this.grow(size);
    if (this.scheduled) return;
    this.scheduled = true;
    setImmediate(() => this.flush());
  }

  private grow(size: number): void {
    this.queued += size;
    if (this.queued + this.socket.bufferedAmount > MOST_UNREAD) this.onOverflow();
  }

  private flush(): void {
    this.scheduled = false;
    if (this.ended || this.queue.length === 0) return;
    if (this.socket.bufferedAmount > BUSY_BYTES) {
      // The peer is behind: go on when the kernel has taken what is there.
      this.scheduled = true;
      this.tcp.once('drain', () => this.flush());
      return;
    }
    this.tcp.cork();
    try {
      this.writeSome();
    } finally {
      this.tcp.uncork();
    }
    if (this.queue.length > 0) {
      this.scheduled = true;
      setImmediate(() => this.flush());
    }
  }

  private writeSome(): void {
    let written = 0;
    let at = 0;
    for (; at < this.queue.length && written < MOST_UNREAD / 8; at += 1)
      written += this.write(this.queue[at] as Item);
    this.queue = at === this.queue.length ? [] : this.queue.slice(at);
    this.queued = this.queue.length === 0 ? 0 : Math.max(0, this.queued - written);
  }

  private write(item: Item): number {
    if (typeof item === 'string') {
      this.socket.send(item);
      return item.length;
    }
    if ('probe' in item) {
      item.probe();
      return 0;
    }
    if ('text' in item) {
      this.socket.send(item.text);
      if (item.last) this.sequence.delete(item.eventId);
      return item.text.length;
    }
    if (this.open.get(item.eventId) === item) this.open.delete(item.eventId);
    const seq = (this.sequence.get(item.eventId) ?? 0) + 1;
    this.sequence.set(item.eventId, seq);
    this.socket.send(tokenFrame(item.eventId, item.agentSlug, item.inner, seq));
    return item.inner.length + 128;
  }
}
