import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import type { NatsConnection } from '@nats-io/transport-node';
import { payloadOf } from './wire.ts';
import type { Payload, Wire, WireTarget } from './wire.ts';

const STREAM = 'bench';

/**
 * JetStream on file storage: the event is stored and acknowledged, read by the agent's durable consumer and acknowledged
 * after the stored reply. Tokens, which nobody stores, travel on plain subjects.
 */
export function natsWire({ url }: WireTarget): Wire {
  const connections: NatsConnection[] = [];
  const storing = new Set<Promise<unknown>>();
  /** The last replies may reach their apps before the agent hears that they are stored. */
  const keep = (stored: Promise<unknown>) => {
    storing.add(stored);
    void stored.finally(() => storing.delete(stored));
  };
  const open = async () => {
    const connection = await connect({ servers: url, noEcho: false });
    connections.push(connection);
    return connection;
  };
  return {
    async agent(handle) {
      const connection = await open();
      const manager = await jetstreamManager(connection);
      await manager.streams.delete(STREAM).catch(() => undefined);
      await manager.streams.add({ name: STREAM, subjects: ['event', 'app.*.reply'], storage: 'file' });
      await manager.consumers.add(STREAM, {
        durable_name: 'agent',
        ack_policy: 'explicit',
        filter_subject: 'event',
      });
      const stream = jetstream(connection);
      const consumer = await stream.consumers.get(STREAM, 'agent');
      const messages = await consumer.consume({
        callback: (message) => {
          const payload = message.json<Payload>();
          handle({
            ...payload,
            token: (text) => connection.publish(`app.${payload.session}.token`, text),
            reply(content) {
              const reply = JSON.stringify({ ...payload, content });
              keep(stream.publish(`app.${payload.session}.reply`, reply).then(() => message.ack()));
            },
          });
        },
      });
      return { close: () => messages.stop() };
    },
    async app(handlers) {
      const connection = await open();
      const stream = jetstream(connection);
      let subscribed: string | null = null;
      const subscribe = (session: string) => {
        subscribed = session;
        connection.subscribe(`app.${session}.>`, {
          callback: (error, message) => {
            if (error) return handlers.failed(error);
            if (message.subject.endsWith('.token')) return handlers.token(message.string());
            const { number, content } = message.json<Payload & { content: string }>();
            handlers.reply(session, number, content);
          },
        });
      };
      return {
        send(session, number) {
          if (subscribed !== session) subscribe(session);
          stream.publish('event', JSON.stringify(payloadOf(session, number))).catch(handlers.failed);
        },
        close: () => undefined,
      };
    },
    async close() {
      await Promise.all(storing);
      await Promise.all(connections.map((connection) => connection.close()));
    },
  };
}
