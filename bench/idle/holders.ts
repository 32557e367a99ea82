import { once } from 'node:events';
import { io } from 'socket.io-client';
import { openRaw } from '../fanout/rawSocket.ts';

interface HoldOptions {
  kind: 'ws' | 'socketio';
  url: string;
  sockets: number;
  /** Used in turn; empty: nobody asks. */
  tokens: string[];
}

const AT_ONCE = 50;

/** Opens sockets and holds them until this process is ended; prints `open` when all are. */
async function hold({ kind, url, sockets, tokens }: HoldOptions): Promise<void> {
  let next = 0;
  const open = async () => {
    while (next < sockets) {
      const token = tokens[next % Math.max(1, tokens.length)];
      next += 1;
      if (kind === 'socketio') {
        const socket = io(url, { transports: ['websocket'], forceNew: true, reconnection: false });
        await once(socket as unknown as NodeJS.EventEmitter, 'connect');
      } else {
        const socket = await openRaw(url, token === undefined ? {} : { Authorization: `Bearer ${token}` });
        answerPings(socket);
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, open));
  console.log('open');
}

/** An empty ping is the only frame that idle sockets get. */
function answerPings(socket: Awaited<ReturnType<typeof openRaw>>): void {
  const pong = Buffer.from([0x8a, 0x80, 0, 0, 0, 0]);
  socket.on('data', (chunk: Buffer) => {
    if (chunk[0] === 0x89) socket.write(pong);
  });
}

process.stdin.setEncoding('utf8');
let asked = '';
for await (const chunk of process.stdin) asked += String(chunk);
await hold(JSON.parse(asked) as HoldOptions);
