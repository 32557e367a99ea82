import { once } from 'node:events';
import { WebSocket } from 'ws';
import { payloadOf } from './wire.ts';
import type { Payload, Wire, WireTarget } from './wire.ts';

interface Frame {
  type: string;
  event_id: string;
  payload: Payload;
  token: string;
  reply: string;
}

/** The wire protocol, as Relay and the floor speak it. */
export function wsWire({ url, appToken, agentToken, agentId }: WireTarget): Wire {
  return {
    async agent(handle) {
      const socket = await connect(`${url}/v1/ws/agent`, agentToken);
      socket.on('message', (data: Buffer) => {
        const { type, event_id, payload } = JSON.parse(data.toString()) as Frame;
        if (type !== 'event') return;
        const send = (message: object) => socket.send(JSON.stringify(message));
        handle({
          ...payload,
          token: (token) => send({ type: 'token', event_id, token }),
          reply: (content) => send({ type: 'reply', event_id, content }),
        });
      });
      return socket;
    },
    async app(handlers) {
      const socket = await connect(`${url}/v1/ws/app`, appToken);
      socket.on('message', (data: Buffer) => {
        const frame = JSON.parse(data.toString()) as Frame;
        if (frame.type === 'token') handlers.token(frame.token);
        else if (frame.type === 'reply')
          handlers.reply(frame.payload.session, frame.payload.number, frame.reply);
        else if (frame.type === 'error') handlers.failed(new Error(data.toString()));
      });
      socket.on('close', (code: number) => handlers.failed(new Error(`closed with ${code}`)));
      return {
        send(session, number) {
          const payload = payloadOf(session, number);
          socket.send(JSON.stringify({ type: 'event', agent_id: agentId, thread_id: session, payload }));
        },
        close: () => socket.close(),
      };
    },
    close: () => Promise.resolve(),
  };
}

export async function connect(url: string, token: string): Promise<WebSocket> {
  const socket = new WebSocket(url, {
    headers: { authorization: `Bearer ${token}` },
    perMessageDeflate: false,
  });
  socket.on('upgrade', (response) => response.socket.setNoDelay(true));
  await once(socket, 'open');
  return socket;
}
