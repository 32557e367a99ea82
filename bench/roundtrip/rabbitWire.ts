import { connect } from 'amqplib';
import type { ChannelModel, ConfirmChannel } from 'amqplib';
import { payloadOf } from './wire.ts';
import type { Payload, Wire, WireTarget } from './wire.ts';

const EVENTS = 'events';
type Content = Payload & { content: string };

/**
 * Durable queues, persistent messages, publisher confirms: the agent acknowledges an event when its reply is confirmed,
 * the app takes an answer for given when its own event is. Tokens are transient messages.
 */
export function rabbitWire({ url }: WireTarget): Wire {
  const connections: { connection: ChannelModel; channel: ConfirmChannel }[] = [];
  const open = async () => {
    const connection = await connect(url, { noDelay: true });
    const channel = await connection.createConfirmChannel();
    connections.push({ connection, channel });
    return channel;
  };
  return {
    async agent(handle) {
      const channel = await open();
      await channel.assertQueue(EVENTS, { durable: true });
      await channel.purgeQueue(EVENTS);
      await channel.consume(EVENTS, (message) => {
        if (!message) return;
        const payload = JSON.parse(message.content.toString()) as Payload;
        const to = message.properties.replyTo as string;
        handle({
          ...payload,
          token: (text) => channel.sendToQueue(to, Buffer.from(text), { type: 'token' }),
          reply(content) {
            const reply = Buffer.from(JSON.stringify({ ...payload, content }));
            channel.sendToQueue(to, reply, { type: 'reply', persistent: true }, () => channel.ack(message));
          },
        });
      });
      return { close: () => undefined };
    },
    async app(handlers) {
      const channel = await open();
      const { queue: replyTo } = await channel.assertQueue('', { durable: true, exclusive: true });
      let confirmed = true;
      let answered: Content | null = null;
      const finish = () => {
        if (!confirmed || !answered) return;
        const { session, number, content } = answered;
        answered = null;
        handlers.reply(session, number, content);
      };
      await channel.consume(replyTo, (message) => {
        if (!message) return;
        const text = message.content.toString();
        if (message.properties.type === 'token') handlers.token(text);
        else answered = JSON.parse(text) as Content;
        channel.ack(message);
        finish();
      });
      return {
        send(session, number) {
          confirmed = false;
          const event = Buffer.from(JSON.stringify(payloadOf(session, number)));
          channel.sendToQueue(EVENTS, event, { persistent: true, replyTo }, (error) => {
            if (error) return handlers.failed(error as Error);
            confirmed = true;
            finish();
          });
        },
        close: () => undefined,
      };
    },
    async close() {
      for (const { connection, channel } of connections) {
        await channel.waitForConfirms();
        await connection.close();
      }
    },
  };
}
