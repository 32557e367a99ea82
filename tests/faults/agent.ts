import WebSocket from 'ws';
import type { Owner } from '../harness/seed.ts';
import { fragmentsOf } from './answer.ts';
import { passed } from './fault.ts';
import type { Message } from './message.ts';

export interface AgentOptions {
  extended?: boolean;
  /** Ms between the fragments of an answer; 0 = all at once. */
  pace?: number;
  /** Takes events without ever answering them. */
  mute?: boolean;
}

export interface Offer {
  eventId: string;
  session: string;
  attempt: number;
  n: number;
  /** When it came, ms on the clock that all agents of the suite share. */
  at: number;
}

const AGAIN_MS = 50;

/** An agent that answers every event in fragments and comes back whenever its connection ends. */
export class Agent {
  readonly owner: Owner;
  /** Every event as offered, in order. */
  readonly offers: Offer[] = [];
  /** Event → how Relay recorded its outcomes (extended). */
  readonly recorded = new Map<string, string[]>();
  readonly closes: number[] = [];
  mute: boolean;
  pace: number;
  private readonly url: () => string;
  private readonly extended: boolean;
  private socket: WebSocket | null = null;
  private stopped = false;

  constructor(url: () => string, owner: Owner, options: AgentOptions = {}) {
    this.url = url;
    this.owner = owner;
    this.extended = options.extended ?? false;
    this.mute = options.mute ?? false;
    this.pace = options.pace ?? 0;
    this.open();
  }

  get connected(): boolean {
    return this.socket?.readyState === WebSocket.OPEN;
  }

  send(frame: object): void {
    this.socket?.send(JSON.stringify(frame));
  }

  /** Loses its connection; comes back as ever. */
  drop(): void {
    this.socket?.terminate();
  }

  stop(): void {
    this.stopped = true;
    this.socket?.terminate();
  }

  private open(): void {
    if (this.stopped) return;
    const headers = { authorization: `Bearer ${this.owner.token}` };
    const protocols = this.extended ? ['relay.v1'] : [];
    const socket = new WebSocket(`${this.url()}/v1/ws/agent`, protocols, {
      headers,
      perMessageDeflate: false,
    });
    socket.on('open', () => (this.socket = socket));
    socket.on('message', (data: Buffer) => void this.receive(socket, JSON.parse(data.toString())));
    socket.on('error', () => undefined);
    socket.on('close', (code) => {
      if (this.socket === socket) this.closes.push(code);
      this.socket = null;
      setTimeout(() => this.open(), AGAIN_MS).unref();
    });
  }

  private async receive(socket: WebSocket, message: Message): Promise<void> {
    const { type, event_id: eventId } = message;
    if (type === 'ping') socket.send('{"type":"pong"}');
    if (type === 'recorded')
      this.recorded.set(eventId, [...(this.recorded.get(eventId) ?? []), message.status]);
    if (type !== 'event') return;
    const { session_key: session, attempt, payload } = message;
    this.offers.push({ eventId, session, attempt, n: payload.n, at: performance.now() });
    if (!this.mute) await this.answer(socket, eventId, payload.n);
  }

  private async answer(socket: WebSocket, event_id: string, n: number): Promise<void> {
    const fragments = fragmentsOf(n);
    for (const token of fragments) {
      if (socket.readyState !== WebSocket.OPEN) return;
      socket.send(JSON.stringify({ type: 'token', event_id, token }));
      if (this.pace > 0) await passed(this.pace);
    }
    if (socket.readyState !== WebSocket.OPEN) return;
    socket.send(JSON.stringify({ type: 'reply', event_id, content: fragments.join('') }));
  }
}

/**
 * Sessions whose events were first offered, to whichever instance of their agent, in another order than that of their ids,
 * which is that of their acceptance.
 */
export function disorder(agents: Agent[]): string[] {
  const last = new Map<string, string>();
  const seen = new Set<string>();
  const wrong: string[] = [];
  const offers = agents.flatMap(({ owner, offers }) =>
    offers.map((offer) => ({ ...offer, owner: owner.id })),
  );
  for (const { eventId, session, owner } of offers.sort((a, b) => a.at - b.at)) {
    if (seen.has(eventId)) continue;
    seen.add(eventId);
    const key = `${owner} ${session}`;
    if (eventId < (last.get(key) ?? '')) wrong.push(`${session}: ${eventId} after ${last.get(key)}`);
    last.set(key, eventId);
  }
  return wrong;
}
