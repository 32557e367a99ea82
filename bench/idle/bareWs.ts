import { WebSocketServer } from 'ws';

/** A ws server that takes everybody and does nothing. */
const server = new WebSocketServer({
  port: Number(process.argv[2]),
  host: '127.0.0.1',
  perMessageDeflate: false,
});
server.on('connection', (_socket, request) => request.socket.setNoDelay(true));
server.once('listening', () => console.log('listening'));
