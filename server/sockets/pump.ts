import type { Socket } from 'node:net';
import type { WebSocket } from 'ws';
import type { Clock } from '../clock.ts';
import { tokenFrame } from './frames.ts';
import { PACE_MS } from './turns.ts';
import type { Outlet, Turns } from './turns.ts';

/** Most bytes that may be unread by a peer, in the socket's buffer and in the queue (protocol §10, 4413). */
const MOST_UNREAD = 8_388_608;
/** While this much is unread, fragments wait in the queue, where they can still be joined. */
const BUSY_BYTES = 65_536;

/** Frames queued on one socket from which on its fragments are joined, however little the others have to say. */
const CROWDED_SOCKET = 32;

interface TokenRun {
  eventId: string;
  agentSlug: string;
  /** Insides of raw JSON string literals; joined they are the inside of one. */
  inner: string;
}

/** Whom a pump belongs to, who ends it when its peer does not read. */
interface Owner {
  close(code: number, reason: string): void;
}

type Item = string | TokenRun | { probe: () => void } | { eventId: string; text: string; last: boolean };

/**
 * One socket's way out. What is queued in one turn of the event loop leaves in one write; fragments that come in quick
 * succession wait a moment for each other, and adjacent ones of one event are joined under load, so that fast answers
 * cost few writes and frames, and a slow reader little memory.
 */
export class Pump implements Outlet {
  readonly first: boolean;
  private readonly socket: WebSocket;
  private readonly tcp: Socket;
  private readonly turns: Turns;
  private readonly clock: Clock;
  private readonly owner: Owner;
  private queue: Item[] = [];
  private queued = 0;
  private due: 'not' | 'later' | 'soon' = 'not';
  /** Monotonic time of the last write. */
  private flushedAt = 0;
  private ended = false;
  /** The run of each event that can still grow: nothing about that event was queued behind it. Null before the first. */
  private open: Map<string, TokenRun> | null = null;
  /** Token frames sent per event; null before the first. */
  private sequence: Map<string, number> | null = null;

  constructor(
    kind: 'app' | 'agent',
    socket: WebSocket,
    tcp: Socket,
    turns: Turns,
    clock: Clock,
    owner: Owner,
  ) {
    this.first = kind === 'agent';
    this.socket = socket;
    this.tcp = tcp;
    this.turns = turns;
    this.clock = clock;
    this.owner = owner;
  }

  frame(text: string): void {
    this.put(text, text.length);
  }

  /** @param raw a JSON string literal with its quotes */
  token(eventId: string, agentSlug: string, raw: string): void {
    const inner = raw.slice(1, -1);
    const run = this.open?.get(eventId);
    if (run && (this.turns.crowded || this.queue.length >= CROWDED_SOCKET)) {
      this.turns.note();
      run.inner += inner;
      this.grow(inner.length);
      return;
    }
    const fresh = { eventId, agentSlug, inner };
    (this.open ??= new Map()).set(eventId, fresh);
    this.put(fresh, inner.length + 128, this.clock.monotonic() - this.flushedAt < PACE_MS);
  }

  /** A frame about an event that must stay behind its tokens so far; `last` when none can follow. */
  frameOf(eventId: string, text: string, last: boolean): void {
    this.open?.delete(eventId);
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
    this.open = null;
    this.sequence = null;
  }

  private put(item: Item, size: number, patient = false): void {
    if (this.ended) return;
    this.turns.note();
    this.queue.push(item);
    this.grow(size);
    if (!patient) this.flushSoon();
    else if (this.due === 'not') {
      this.due = 'later';
      this.turns.later(this);
    }
  }

  private flushSoon(): void {
    if (this.due === 'soon') return;
    this.due = 'soon';
    this.turns.soon(this);
  }

  private grow(size: number): void {
    this.queued += size;
    if (this.queued + this.socket.bufferedAmount > MOST_UNREAD) this.owner.close(4413, 'too much is unread');
  }

  flush(): void {
    this.due = 'not';
    if (this.ended || this.queue.length === 0) return;
    if (this.socket.bufferedAmount > BUSY_BYTES) {
      // The peer is behind: go on when the kernel has taken what is there.
      this.due = 'soon';
      this.tcp.once('drain', () => this.flush());
      return;
    }
    this.flushedAt = this.clock.monotonic();
    this.tcp.cork();
    try {
      this.writeSome();
    } finally {
      this.tcp.uncork();
    }
    if (this.queue.length > 0) this.flushSoon();
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
      if (item.last) this.sequence?.delete(item.eventId);
      return item.text.length;
    }
    if (this.open?.get(item.eventId) === item) this.open.delete(item.eventId);
    this.sequence ??= new Map();
    const seq = (this.sequence.get(item.eventId) ?? 0) + 1;
    this.sequence.set(item.eventId, seq);
    this.socket.send(tokenFrame(item.eventId, item.agentSlug, item.inner, seq));
    return item.inner.length + 128;
  }
}
