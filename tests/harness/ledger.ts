import { connect } from './client.ts';
import type { Client } from './client.ts';
import type { Owner } from './seed.ts';

const RETRY_MS = 50;

/** What an app knows at its own end: keys sent, ids accepted, outcomes received. It survives every connection. */
export class LedgerApp {
  readonly accepted = new Map<string, string>();
  readonly outcomes = new Map<string, string[]>();
  readonly #unanswered = new Map<string, object>();
  readonly #owner: Owner;
  #client: Client | null = null;
  #changed: () => void = () => undefined;

  constructor(owner: Owner) {
    this.#owner = owner;
  }

  /** Connects (again) and sends whatever has no `accepted` yet, as docs/protocol.md advises. */
  async connect(wsUrl: string): Promise<void> {
    const client = await connect(`${wsUrl}/v1/ws/app`, { token: this.#owner.token });
    this.#client = client;
    client.hear((message) => this.#receive(message));
    for (const frame of this.#unanswered.values()) client.send(frame);
  }

  ask(agent: Owner, key: string, thread_id: string, payload: object): void {
    const frame = { type: 'event', agent_id: agent.slug, thread_id, payload, idempotency_key: key };
    this.#unanswered.set(key, frame);
    if (this.#client?.socket.readyState === this.#client?.socket.OPEN) this.#client?.send(frame);
  }

  /** Resolves when so many events have an outcome. */
  async settled(count: number): Promise<void> {
    while (this.outcomes.size < count || this.#unanswered.size > 0) {
      await new Promise<void>((resolve) => (this.#changed = resolve));
    }
  }

  /** Resolves when so many events have an outcome, whatever else is under way. */
  async reached(count: number): Promise<void> {
    while (this.outcomes.size < count) await new Promise<void>((resolve) => (this.#changed = resolve));
  }

  #receive(message: {
    type: string;
    event_id: string;
    idempotency_key: string;
    reply?: string;
    code?: string;
  }): void {
    if (message.type === 'accepted') {
      this.accepted.set(message.idempotency_key, message.event_id);
      this.#unanswered.delete(message.idempotency_key);
    }
    if (message.type === 'reply') this.#outcome(message.event_id, message.reply ?? '');
    if (message.type === 'error') {
      if (this.#unanswered.has(message.idempotency_key)) this.#askAgain(message.idempotency_key);
      else this.#outcome(message.event_id, message.code ?? '');
    }
    this.#changed();
  }

  /** After a moment, as any app does: asking again at once would keep Relay from what it is about to do. */
  #askAgain(key: string): void {
    const client = this.#client;
    setTimeout(() => {
      const frame = this.#unanswered.get(key);
      if (frame && client === this.#client && client?.socket.readyState === client?.socket.OPEN)
        client?.send(frame);
    }, RETRY_MS);
  }

  #outcome(eventId: string, text: string): void {
    this.outcomes.set(eventId, [...(this.outcomes.get(eventId) ?? []), text]);
  }
}
