import WebSocket from 'ws';

/** One JSON object per frame, either way. Which fields are there depends on `type`. */
export interface Message {
  type: string;
  [field: string]: unknown;
}

export interface Connection {
  /** False when there is no open connection: then nothing was sent. */
  send(message: Message): boolean;
  /** Goes away for this long, as a service does that is being deployed. */
  leaveFor(ms: number): void;
}

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 30_000;
/** Deactivated: somebody may reactivate it, so look again once a minute. */
const DEACTIVATED = 4403;

// Whoever started this process holds the other end of its IPC channel: without them there is nothing left to do.
process.once('disconnect', () => process.exit(0));

/** An authenticated connection that comes back, a little later every time, until Relay says that the token is dead. */
export function connect(
  path: '/v1/ws/app' | '/v1/ws/agent',
  receive: (message: Message) => void,
): Connection {
  const address = `${(process.env['RELAY_URL'] ?? 'http://localhost:4000').replace(/^http/, 'ws')}${path}`;
  const headers = { authorization: `Bearer ${process.env['RELAY_TOKEN'] ?? ''}` };
  let pause = FIRST_PAUSE_MS;
  let away = 0;
  let socket = open();

  function open(): WebSocket {
    const next = new WebSocket(address, ['relay.v1'], { headers, perMessageDeflate: false });
    next.on('open', () => (pause = FIRST_PAUSE_MS));
    next.on('message', (data: Buffer) => receive(JSON.parse(data.toString()) as Message));
    next.on('close', (code) => comeBack(code));
    next.on('error', () => undefined);
    next.on('unexpected-response', (_request, response) => {
      response.resume();
      if (response.statusCode !== 401) return comeBack(response.statusCode === 403 ? DEACTIVATED : 0);
      process.stderr.write('A token of the demo is not valid any more: start it again to get a new one.\n');
    });
    return next;
  }

  function comeBack(code: number): void {
    const wait = away || (code === DEACTIVATED ? 60_000 : pause * (0.5 + Math.random()));
    away = 0;
    pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
    setTimeout(() => (socket = open()), wait);
  }

  return {
    send(message) {
      if (socket.readyState !== WebSocket.OPEN) return false;
      socket.send(JSON.stringify(message));
      return true;
    },
    leaveFor(ms) {
      if (socket.readyState !== WebSocket.OPEN) return;
      away = ms;
      socket.close(1000);
    },
  };
}
