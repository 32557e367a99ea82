import { connect } from './connection.ts';
import type { Connection, Message } from './connection.ts';
import { between, wait } from './chance.ts';

/** One event to answer. What is said about it is of this attempt, so that Relay can tell a late word from a new one. */
export interface Question {
  app: string;
  thread: string;
  text: string;
  /** Milliseconds between two words. */
  stream(answer: string, pace: number, model: string): Promise<void>;
  fail(code: string, error: string): void;
}

/** Connects an agent and lets it answer; different threads side by side, Relay sees to the order within one. */
export function runAgent(answer: (question: Question) => Promise<void>): Connection {
  const connection = connect('/v1/ws/agent', (message) => {
    if (message.type === 'ping') connection.send({ type: 'pong' });
    if (message.type !== 'event') return;
    const about = { event_id: message['event_id'], attempt: message['attempt'] };
    answer(questionOf(connection, message)).catch((error: Error) => {
      connection.send({ type: 'error', ...about, error: error.message, code: 'AGENT_ERROR' });
    });
  });
  return connection;
}

function questionOf(connection: Connection, message: Message): Question {
  const about = { event_id: message['event_id'], attempt: message['attempt'] };
  const payload = message['payload'] as { text?: unknown };
  return {
    app: String(message['app_id']),
    thread: String(message['thread_id']),
    text: typeof payload.text === 'string' ? payload.text : JSON.stringify(payload),
    fail: (code, error) => void connection.send({ type: 'error', ...about, code, error }),
    async stream(content, pace, model) {
      const started = Date.now();
      const words = content.match(/\S+\s*/g) ?? [];
      for (const token of words) {
        await wait(pace / 2, pace * 1.5);
        // The connection is gone: Relay offers the event again, and that attempt starts from the beginning.
        if (!connection.send({ type: 'token', ...about, token })) return;
      }
      const metadata = {
        tokens_used: Math.round(words.length * between(1.2, 1.5)),
        model,
        latency_ms: Date.now() - started,
      };
      connection.send({ type: 'reply', ...about, content, metadata });
    },
  };
}
