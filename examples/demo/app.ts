import { randomUUID } from 'node:crypto';
import { connect } from './connection.ts';
import type { Message } from './connection.ts';
import { wait } from './chance.ts';

export interface Ask {
  agent: string;
  thread: string;
  payload: Record<string, unknown>;
}

/**
 * Connects an app that asks something every now and then, `low` to `high` milliseconds apart. An event that Relay has
 * not answered yet is sent again after a reconnect: its idempotency key makes that safe.
 */
export async function runApp(low: number, high: number, next: () => Ask): Promise<void> {
  const unanswered = new Map<string, Message>();
  const connection = connect('/v1/ws/app', (message) => {
    if (message.type === 'hello') for (const event of unanswered.values()) connection.send(event);
    const key = message['idempotency_key'];
    const answered = message.type === 'accepted' || message.type === 'error';
    if (answered && typeof key === 'string') unanswered.delete(key);
    // Tokens and replies arrive here too: a real app shows them, de-duplicated by event_id.
  });
  const ask = (): void => {
    const { agent, thread, payload } = next();
    const idempotency_key = randomUUID();
    const event = { type: 'event', agent_id: agent, thread_id: thread, payload, idempotency_key };
    unanswered.set(idempotency_key, event);
    connection.send(event);
  };
  for (let left = Number(process.env['BURST'] ?? 0); left > 0; left -= 1) ask();
  for (;;) {
    await wait(low, high);
    ask();
  }
}
