import { once } from 'node:events';
import { io } from 'socket.io-client';
import type { Socket } from 'socket.io-client';
import { payloadOf } from './wire.ts';
import type { Payload, Wire, WireTarget } from './wire.ts';

/** Through a socket.io server that keeps nothing. */
export function socketioWire({ url }: WireTarget): Wire {
  return {
    async agent(handle) {
      const socket = await open(url, 'agent');
      socket.on('event', (id: string, payload: Payload) =>
        handle({
          ...payload,
          token: (token) => socket.emit('token', id, token),
          reply: (content) => socket.emit('reply', id, content),
        }),
      );
      return { close: () => socket.disconnect() };
    },
    async app(handlers) {
      const socket = await open(url, 'app');
      socket.on('token', (_id: string, token: string) => handlers.token(token));
      socket.on('reply', (_id: string, content: string, { session, number }: Payload) =>
        handlers.reply(session, number, content),
      );
      socket.on('disconnect', (reason: string) => handlers.failed(new Error(reason)));
      return {
        send: (session, number) => socket.emit('event', payloadOf(session, number)),
        close: () => socket.disconnect(),
      };
    },
    close: () => Promise.resolve(),
  };
}

async function open(url: string, role: string): Promise<Socket> {
  const socket = io(url, { transports: ['websocket'], forceNew: true, query: { role }, reconnection: false });
  await once(socket as unknown as NodeJS.EventEmitter, 'connect');
  return socket;
}
