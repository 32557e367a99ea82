import { randomBytes } from 'node:crypto';
import type { Socket } from 'node:net';
import { WebSocket } from 'ws';
import type { RawData } from 'ws';
import type { Notice } from '../broker/links.ts';
import type { Clock } from '../clock.ts';
import { noticeFrame } from './frames.ts';
import { Pump } from './pump.ts';
import { WindowCounter } from './rate.ts';
import type { Turns } from './turns.ts';

/** Relay pings this often; a peer that shows no life for twice as long is closed with 4408 (protocol §5). */
export const HEARTBEAT_MS = 30_000;
const LIFELESS_MS = 60_000;
/** Frames a second that are no events (4429, protocol §10). */
const MOST_OTHER_FRAMES = 200;
/** Closes that are Relay's own doing: restarts, drains, overload, credentials. Any other end is the peer's. */
const OWN_DOING: readonly number[] = [1001, 1012, 1013, 4401, 4403];
/** A peer that does not answer a close frame is cut off after this. */
const CLOSE_PATIENCE_MS = 2_000;

/** Who is at the other end, as the upgrade found out. */
export interface Caller {
  organizationId: string;
  organizationSlug: string;
  ownerId: string;
  slug: string;
  tokenId: string;
  address: string | null;
  client: string | null;
  extended: boolean;
}

/** Hears the text of each text frame; a binary frame is null. */
export interface Ear {
  hear(text: string | null): void;
  /** The connection is over; `peersDoing` unless Relay ended it for reasons of its own. Called once. */
  gone(peersDoing: boolean): void;
}

/** A socket that knows its connection, so that all of them share their listeners. */
export class Line extends WebSocket {
  connection: Connection | null = null;
}

/**
 * One open socket: life signs, probes, its way out and its end. What the frames mean is its owner's business
 * (`app.ts`, `agent.ts`).
 */
export class Connection {
  readonly id = `con_${randomBytes(9).toString('base64url').replace(/[-_]/g, '0').toLowerCase()}`;
  readonly kind: 'app' | 'agent';
  readonly caller: Caller;
  readonly connectedAt: number;
  readonly pump: Pump;
  private readonly socket: Line;
  private readonly clock: Clock;
  private readonly onEnd: (connection: Connection) => void;
  private ear: Ear | null = null;
  /** Messages that were read and are not heard yet; null unless the connection is held. */
  private unheard: (Buffer | null)[] | null = null;
  /** From when on the time in which it is held has not been made up for. */
  private heldSince = 0;
  /** Frames that are no events; made for the first one. */
  private others: WindowCounter | null = null;
  private seenAt: number;
  private pingedAt: number;
  /** The ping that a probe waits for, and what to do when it is answered. */
  private probing: { mark: string; sent: boolean; confirmed: () => void } | null = null;
  private marks = 0;
  private ended = false;
  private peersDoing = false;
  private rotated = false;

  /** @param onEnd called once, with the connection, before its ear is told */
  constructor(
    kind: 'app' | 'agent',
    socket: Line,
    tcp: Socket,
    caller: Caller,
    clock: Clock,
    turns: Turns,
    onEnd: (connection: Connection) => void,
  ) {
    this.kind = kind;
    this.socket = socket;
    this.caller = caller;
    this.clock = clock;
    this.onEnd = onEnd;
    this.connectedAt = clock.now();
    this.seenAt = clock.monotonic();
    this.pingedAt = this.seenAt;
    this.pump = new Pump(kind, socket, tcp, turns, clock, this);
    socket.connection = this;
    socket.on('message', onMessage).on('pong', onPong).on('ping', onPing).on('close', onClose);
    // A protocol fault (invalid UTF-8, a frame too big) is followed by 'close'; its code was already sent by ws.
    socket.on('error', ignore);
  }

  get open(): boolean {
    return !this.ended;
  }

  /** Whether its messages wait to be asked for. */
  get held(): boolean {
    return this.unheard !== null;
  }

  /** From now on text frames are heard. */
  converse(ear: Ear): void {
    this.ear = ear;
    // What was waiting for it can be too much for a connection that has only begun: it then ended while it was served.
    if (this.ended) ear.gone(this.peersDoing);
  }

  heard(data: RawData, binary: boolean): void {
    this.alive();
    const message = binary ? null : (data as Buffer);
    if (this.unheard) this.unheard.push(message);
    else this.hear(message);
  }

  pinged(): void {
    this.alive();
    // Each was answered by a pong, which a peer that does not read leaves here.
    if (!this.flooded()) this.pump.check();
  }

  answered(mark: string): void {
    this.alive();
    if (this.probing?.mark !== mark) return;
    const { confirmed } = this.probing;
    this.probing = null;
    if (!this.ended) confirmed();
  }

  end(peersDoing: boolean): void {
    if (this.ended) return;
    this.ended = true;
    this.peersDoing = peersDoing;
    this.unheard = null;
    this.pump.end();
    this.onEnd(this);
    this.ear?.gone(peersDoing);
  }

  /** Counts one more frame that is no event; with one too many the connection is closed and this is true. */
  flooded(): boolean {
    if (!this.otherFrames.exceeded()) return false;
    this.close(4429, 'too many frames');
    return true;
  }

  /**
   * Reads no further: what the peer sends stays with it, life signs included. What was read before (128 KiB at most) waits
   * here for `hearSome`.
   */
  hold(): void {
    if (this.ended || this.unheard) return;
    this.unheard = [];
    this.heldSince = this.clock.monotonic();
    this.socket.pause();
  }

  /** Hears so many of the messages that wait; when none is left the connection is held no longer. */
  hearSome(most: number): void {
    // The peer spoke long ago, and could not be heard; what it said meanwhile comes at once.
    this.alive();
    this.otherFrames.extend(this.seenAt - this.heldSince);
    this.heldSince = this.seenAt;
    for (const message of this.unheard?.splice(0, most) ?? []) this.hear(message);
    if (this.unheard?.length !== 0) return;
    this.unheard = null;
    this.socket.resume();
  }

  probe(confirmed: () => void): void {
    const probing = { mark: `p${(this.marks += 1)}`, sent: false, confirmed };
    this.probing = probing;
    this.pump.behind(() => {
      probing.sent = true;
      this.socket.ping(probing.mark);
    });
  }

  notice(notice: Notice): void {
    if (!this.caller.extended) return;
    if (notice.code === 'TOKEN_ROTATED') {
      if (this.rotated) return;
      this.rotated = true;
    }
    this.pump.frame(noticeFrame(notice));
  }

  /** Called every second. Returns whether it is time for a heartbeat of the owner's own kind. */
  beat(): boolean {
    const now = this.clock.monotonic();
    const asked = this.pingedAt > this.seenAt;
    if (asked && now - this.seenAt >= LIFELESS_MS && now - this.pingedAt >= HEARTBEAT_MS) {
      this.close(4408, 'no sign of life');
      return false;
    }
    if (now - this.pingedAt < HEARTBEAT_MS) return false;
    this.pingedAt = now;
    // A peer may answer only the newest ping (RFC 6455, 5.5.3), so this one asks again what a probe under way asked.
    this.socket.ping(this.probing?.sent ? this.probing.mark : undefined);
    return true;
  }

  /** For the broker the connection is over at once, whether or not the peer ever answers the close frame. */
  close(code: number, reason: string): void {
    if (this.ended) return;
    // What was queued is still said, except to a peer that does not read.
    if (code !== 4408 && code !== 4413) this.pump.finish();
    this.end(!OWN_DOING.includes(code));
    // The peer's answer has to be heard, or the socket would be there until patience ends.
    this.socket.resume();
    this.socket.close(code, reason);
    this.clock.after(CLOSE_PATIENCE_MS, () => this.socket.terminate());
  }

  private get otherFrames(): WindowCounter {
    return (this.others ??= new WindowCounter(this.clock, 1_000, MOST_OTHER_FRAMES));
  }

  private hear(message: Buffer | null): void {
    if (!this.ended) this.ear?.hear(message === null ? null : message.toString('utf8'));
  }

  private alive(): void {
    this.seenAt = this.clock.monotonic();
  }
}

function onMessage(this: WebSocket, data: RawData, binary: boolean): void {
  (this as Line).connection?.heard(data, binary);
}

function onPong(this: WebSocket, data: Buffer): void {
  (this as Line).connection?.answered(data.toString());
}

function onPing(this: WebSocket): void {
  (this as Line).connection?.pinged();
}

function onClose(this: WebSocket): void {
  (this as Line).connection?.end(true);
}

const ignore = (): void => undefined;
