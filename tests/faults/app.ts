import WebSocket from 'ws';
import type { Owner } from '../harness/seed.ts';
import { answerTo } from './answer.ts';
import { until } from './fault.ts';
import type { Message } from './message.ts';

export interface AppOptions {
  /** Speaks `relay.v1`. */
  extended?: boolean;
  /** Acknowledges outcomes itself; needs `extended`. */
  acks?: boolean;
}

interface Question {
  n: number;
  frame: Record<string, unknown>;
  sentAt: number;
}

interface Stream {
  eventId: string;
  seq: number;
  text: string;
}

const AGAIN_MS = 50;
const RETRY_MS = 200;

/**
 * An app that keeps its own ledger: every key sent, every `accepted`, token and outcome. It comes back whenever its
 * connection ends and sends again, under the same key, what has no `accepted` yet.
 */
export class App {
  readonly owner: Owner;
  /** Key → event. */
  readonly accepted = new Map<string, string>();
  /** Event → what streamed of its answer on the connection that last heard of it. */
  streams = new Map<string, Stream>();
  /** Event → outcomes as received: the reply, or `!` and the code. */
  readonly outcomes = new Map<string, string[]>();
  /** Keys refused for good, and why. */
  readonly refused = new Map<string, string>();
  /** What may never happen, as it happened. */
  readonly wrongs: string[] = [];
  /** Ms from sending an event to its outcome, for events answered on the connection they were sent on. */
  readonly latencies: number[] = [];
  readonly codes = new Map<string, number>();
  readonly notices: string[] = [];
  readonly closes: number[] = [];
  connections = 0;
  restarts = 0;
  /** How often `accepted` said that the key was seen before. */
  duplicates = 0;
  acceptedAt = 0;
  /** Keys asked with so far. */
  readonly sent = new Set<string>();
  private readonly url: () => string;
  private readonly options: AppOptions;
  private readonly questions = new Map<string, Question>();
  private readonly numbers = new Map<string, number>();
  private readonly sentAt = new Map<string, number>();
  private socket: WebSocket | null = null;
  private stopped = false;

  constructor(url: () => string, owner: Owner, options: AppOptions = {}) {
    this.url = url;
    this.owner = owner;
    this.options = options;
    this.open();
  }

  get connected(): boolean {
    return this.socket?.readyState === WebSocket.OPEN;
  }

  /** Asked and neither accepted nor refused yet. */
  get unanswered(): number {
    return this.questions.size;
  }

  ask(agent: Owner, n: number, thread: string): void {
    const key = `k${n}`;
    this.sent.add(key);
    const frame = {
      type: 'event',
      agent_id: agent.slug,
      thread_id: thread,
      payload: { n },
      idempotency_key: key,
    };
    this.questions.set(key, { n, frame, sentAt: performance.now() });
    this.send(frame);
  }

  /** Events of this connection whose tokens come and whose outcome has not. */
  get streaming(): number {
    return [...this.streams.keys()].filter((eventId) => !this.outcomes.has(eventId)).length;
  }

  /** Resolves when everything asked has its outcome. */
  settled(ms = 60_000): Promise<void> {
    const isSo = () => this.questions.size === 0 && this.waiting.length === 0;
    const known = () =>
      `${this.questions.size} unanswered, waiting for ${this.waiting.slice(0, 5).join(' ')}`;
    return until('every event to have its outcome', isSo, ms, known);
  }

  reached(outcomes: number, ms = 60_000): Promise<void> {
    return until(
      `${outcomes} outcomes`,
      () => this.outcomes.size >= outcomes,
      ms,
      () => `${this.outcomes.size} came`,
    );
  }

  /** Stops reading, as a process that hangs does: what Relay sends stays in the kernel. */
  hang(): void {
    (this.socket as unknown as { _socket: { pause(): void } } | null)?._socket.pause();
  }

  /** Loses its connection and everything on it that was not read; comes back as ever. */
  drop(): void {
    this.socket?.terminate();
  }

  /** Ends for good. */
  stop(): void {
    this.stopped = true;
    this.socket?.terminate();
  }

  private get waiting(): string[] {
    return [...this.accepted.values()].filter((eventId) => !this.outcomes.has(eventId));
  }

  private open(): void {
    if (this.stopped) return;
    const headers = { authorization: `Bearer ${this.owner.token}` };
    const query = this.options.acks ? '?ack=1' : '';
    const protocols = this.options.extended ? ['relay.v1'] : [];
    const socket = new WebSocket(`${this.url()}/v1/ws/app${query}`, protocols, {
      headers,
      perMessageDeflate: false,
    });
    socket.on('open', () => {
      this.socket = socket;
      this.connections += 1;
      this.streams = new Map();
      this.sentAt.clear();
      for (const { frame } of this.questions.values()) this.send(frame);
    });
    socket.on('message', (data: Buffer) => this.receive(JSON.parse(data.toString())));
    socket.on('error', () => undefined);
    socket.on('close', (code) => {
      if (this.socket === socket) this.closes.push(code);
      this.socket = null;
      setTimeout(() => this.open(), AGAIN_MS).unref();
    });
  }

  private send(frame: Record<string, unknown>): void {
    if (!this.connected) return;
    this.sentAt.set(String(frame['idempotency_key']), performance.now());
    this.socket?.send(JSON.stringify(frame));
  }

  private receive(message: Message): void {
    if (message.type === 'accepted') this.accept(message);
    if (message.type === 'token') this.token(message);
    if (message.type === 'restart') this.restart(message);
    if (message.type === 'reply') this.reply(message);
    if (message.type === 'error') this.error(message);
    if (message.type === 'notice') this.notices.push(message.code);
  }

  private accept(message: Message): void {
    const { idempotency_key: key, event_id: eventId } = message;
    if (message.duplicate) this.duplicates += 1;
    const earlier = this.accepted.get(key);
    if (earlier !== undefined && earlier !== eventId)
      this.wrongs.push(`${key} was accepted as ${earlier} and ${eventId}`);
    const question = this.questions.get(key);
    if (question) this.numbers.set(eventId, question.n);
    this.accepted.set(key, eventId);
    this.questions.delete(key);
    this.acceptedAt = performance.now();
  }

  private token(message: Message): void {
    const { event_id: eventId, seq, token } = message;
    const known = this.streams.get(eventId) ?? { eventId, seq: 0, text: '' };
    if (seq !== known.seq + 1) this.wrongs.push(`${eventId}: token ${seq} came after ${known.seq}`);
    known.seq = seq;
    known.text += token;
    this.streams.set(eventId, known);
    const n = this.numbers.get(eventId);
    if (n !== undefined && !answerTo(n).startsWith(known.text))
      this.wrongs.push(`${eventId}: streamed "${known.text}"`);
    if (this.outcomes.has(eventId)) this.wrongs.push(`${eventId}: a token came after the outcome`);
  }

  private restart({ event_id: eventId }: Message): void {
    this.restarts += 1;
    // The text begins anew; frames go on being counted.
    this.streams.set(eventId, { eventId, seq: this.streams.get(eventId)?.seq ?? 0, text: '' });
  }

  private reply(message: Message): void {
    const { n } = message.payload;
    if (message.reply !== answerTo(n))
      this.wrongs.push(`${message.event_id}: "${message.reply}" instead of answer ${n}`);
    const sent = this.sentAt.get(`k${n}`);
    if (sent !== undefined) this.latencies.push(performance.now() - sent);
    this.outcome(message.event_id, message.reply);
  }

  private error(message: Message): void {
    const { idempotency_key: key, code } = message;
    this.codes.set(code, (this.codes.get(code) ?? 0) + 1);
    const question = this.questions.get(key);
    // An error about no event answers a frame that could not be read.
    if (!question && message.event_id !== null) this.outcome(message.event_id, `!${code}`);
    if (!question) return;
    if (!message.retryable) {
      this.questions.delete(key);
      this.refused.set(key, code);
      return;
    }
    setTimeout(() => {
      if (this.questions.has(key)) this.send(question.frame);
    }, message.retry_after_ms ?? RETRY_MS).unref();
  }

  private outcome(eventId: string, text: string): void {
    this.outcomes.set(eventId, [...(this.outcomes.get(eventId) ?? []), text]);
    if (this.options.acks) this.socket?.send(JSON.stringify({ type: 'ack', event_id: eventId }));
  }
}
