import { createServer } from 'node:http';
import { buildSchema } from 'graphql';
import { useServer } from 'graphql-ws/use/ws';
import { WebSocketServer } from 'ws';
import { createStream } from '../../server/bus/stream.ts';

const schema = buildSchema(`
  type Query { ready: Boolean! }
  type App { name: String! }
  type Event { eventId: ID! threadId: String! status: String! acceptedAt: String! app: App! }
  type EventChange { ready: Boolean! left: Boolean! event: Event }
  type Subscription { eventChanged: EventChange! }
`);

interface Change {
  ready: boolean;
  left: boolean;
  event: object | null;
}

/** graphql-ws with nothing behind it: what a frame from the app says is told to whoever has subscribed. */
function startBare(port: number): void {
  const subscribers = new Set<(change: Change) => void>();
  const http = createServer();
  const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false });
  const apps = new WebSocketServer({ noServer: true, perMessageDeflate: false });
  const eventChanged = () => {
    const push = (change: Change) => stream.push({ eventChanged: change });
    const stream = createStream<{ eventChanged: Change }>(1_000, () => subscribers.delete(push));
    subscribers.add(push);
    push({ ready: true, left: false, event: null });
    return stream;
  };
  useServer({ schema, roots: { subscription: { eventChanged } } }, sockets);
  http.on('upgrade', (request, socket, head) => {
    const server = request.url === '/graphql' ? sockets : apps;
    server.handleUpgrade(request, socket, head, (client) => server.emit('connection', client, request));
  });
  apps.on('connection', (app) =>
    app.on('message', (data: Buffer) => {
      const { thread_id: threadId } = JSON.parse(data.toString()) as { thread_id: string };
      const times = { acceptedAt: new Date().toISOString() };
      const event = { eventId: threadId, threadId, status: 'PENDING', ...times, app: { name: 'Sender' } };
      for (const push of subscribers) push({ ready: true, left: false, event });
    }),
  );
  http.listen(port, '127.0.0.1', () => console.log('listening'));
}

startBare(Number(process.argv[2]));
