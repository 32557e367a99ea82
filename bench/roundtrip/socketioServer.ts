import { createServer } from 'node:http';
import { Server } from 'socket.io';
import type { Socket } from 'socket.io';

/** The same relaying by socket.io from memory to memory: nothing is stored, nobody is asked who they are. */
function startSocketio(port: number): void {
  const http = createServer();
  const server = new Server(http, {
    transports: ['websocket'],
    perMessageDeflate: false,
    serveClient: false,
  });
  const asked = new Map<string, { app: Socket; payload: unknown }>();
  let agent: Socket | null = null;
  let count = 0;
  server.on('connection', (socket) => {
    if (socket.handshake.query['role'] === 'agent') agent = socket;
    socket.on('event', (payload: unknown) => {
      const id = `event-${(count += 1)}`;
      asked.set(id, { app: socket, payload });
      socket.emit('accepted', id);
      agent?.emit('event', id, payload);
    });
    socket.on('token', (id: string, token: string) => asked.get(id)?.app.emit('token', id, token));
    socket.on('reply', (id: string, content: string) => {
      const event = asked.get(id);
      asked.delete(id);
      event?.app.emit('reply', id, content, event.payload);
    });
  });
  http.on('connection', (socket) => socket.setNoDelay(true));
  http.listen(port, '127.0.0.1', () => console.log('listening'));
}

startSocketio(Number(process.argv[2]));
