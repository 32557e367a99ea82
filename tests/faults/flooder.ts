import WebSocket from 'ws';
import type { Message } from './message.ts';

/** What the flooder is told at its start, as JSON in FLOOD. */
export interface Flood {
  wsUrl: string;
  agent: { slug: string; token: string };
  /** Of its apps; each opens so many sockets. */
  appTokens: string[];
  socketsPerApp: number;
}

/** What became of one flood: frames sent, how they were answered, and how often Relay closed a socket, by code. */
export interface Flooded {
  sent: number;
  accepted: number;
  refused: number;
  closed: Record<string, number>;
}

const AT_ONCE = 64;
const THREADS = 100;
const PADDING = 'x'.repeat(512);

const flood = JSON.parse(process.env['FLOOD'] ?? '') as Flood;
const nothing = (): Flooded => ({ sent: 0, accepted: 0, refused: 0, closed: {} });
let flooding = false;
let counts = nothing();
/** What each socket does once a flood begins. */
const floods = new Map<WebSocket, () => void>();

/** A connection that comes back whenever it ends; resolves when it is open for the first time. */
function dial(door: 'app' | 'agent', token: string, serve: (socket: WebSocket) => void): Promise<void> {
  const headers = { authorization: `Bearer ${token}` };
  return new Promise((resolve) => {
    const open = (): void => {
      const socket = new WebSocket(`${flood.wsUrl}/v1/ws/${door}`, { headers, perMessageDeflate: false });
      socket.on('open', () => {
        serve(socket);
        resolve();
      });
      socket.on('error', () => undefined);
      socket.on('close', (code) => {
        counts.closed[code] = (counts.closed[code] ?? 0) + 1;
        open();
      });
    };
    open();
  });
}

/** Answers at once, so that its organisation always has something to do. */
function answer(socket: WebSocket): void {
  socket.on('message', (data: Buffer) => {
    const { type, event_id } = JSON.parse(data.toString()) as Message;
    if (type === 'ping') socket.send('{"type":"pong"}');
    if (type === 'event') socket.send(JSON.stringify({ type: 'reply', event_id, content: PADDING }));
  });
}

/** As fast as the socket takes it. */
function pour(socket: WebSocket): void {
  socket.on('message', (data: Buffer) => {
    const { type } = JSON.parse(data.toString()) as Message;
    if (type === 'accepted') counts.accepted += 1;
    if (type === 'error') counts.refused += 1;
  });
  const turn = (): void => {
    if (!flooding || socket.readyState !== WebSocket.OPEN) return;
    for (let n = 1; n < AT_ONCE; n += 1) send(socket);
    // A socket that takes no more leaves the processor to the others; what is taken at once leaves a turn to the answers.
    send(socket, () => setImmediate(turn));
  };
  floods.set(socket, turn);
  socket.on('close', () => floods.delete(socket));
  turn();
}

function send(socket: WebSocket, taken?: () => void): void {
  const thread_id = `t${(counts.sent += 1) % THREADS}`;
  const payload = { padding: PADDING };
  socket.send(JSON.stringify({ type: 'event', agent_id: flood.agent.slug, thread_id, payload }), taken);
}

process.on('message', (told: 'flood' | 'rest') => {
  flooding = told === 'flood';
  if (!flooding) return void process.send?.(counts);
  counts = nothing();
  for (const begin of floods.values()) begin();
});
process.on('disconnect', () => process.exit());

await dial('agent', flood.agent.token, answer);
const tokens = flood.appTokens.flatMap((token) => Array<string>(flood.socketsPerApp).fill(token));
await Promise.all(tokens.map((token) => dial('app', token, pour)));
process.send?.(counts);
