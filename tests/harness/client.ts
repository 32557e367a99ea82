import type { IncomingHttpHeaders } from 'node:http';
import WebSocket from 'ws';
import { Frames } from './frames.ts';
import type { Frame } from './frames.ts';

export interface ConnectOptions {
  /** Sent as `Authorization: Bearer`, unless `inQuery`. */
  token?: string;
  inQuery?: boolean;
  /** Subprotocols to offer; `['relay.v1']` makes the connection an extended one. */
  protocols?: string[];
  headers?: Record<string, string>;
  /** Query parameters besides the token, such as `{ ack: '1' }`. */
  query?: Record<string, string>;
  /** Whether WebSocket pings are answered (default true); without it Relay never learns that an outcome arrived. */
  autoPong?: boolean;
  /** The loopback address to come from, such as `127.0.0.2`: limits per address then see somebody else. */
  from?: string;
}

export interface Closed {
  code: number;
  reason: string;
}

export interface Refusal {
  status: number;
  headers: IncomingHttpHeaders;
  /** The parsed problem+json body. */
  problem: { code?: string; status?: number; title?: string; detail?: string };
  text: string;
}

const open = new Set<WebSocket>();

/** A plain `ws` connection that records every frame. Nothing of Relay's own code is on this side. */
export class Client {
  readonly socket: WebSocket;
  readonly closed: Promise<Closed>;
  readonly #frames: Frames;

  constructor(socket: WebSocket) {
    this.socket = socket;
    this.#frames = new Frames(() => this.describe());
    this.closed = new Promise((resolve) => {
      socket.on('close', (code, reason) => {
        open.delete(socket);
        this.#frames.end(`the connection closed with ${code}`);
        resolve({ code, reason: reason.toString() });
      });
    });
    socket.on('message', (data: Buffer) => this.#frames.add(data.toString()));
    socket.on('error', () => undefined);
  }

  /** Every frame received so far, those already taken included. */
  get frames(): Frame[] {
    return this.#frames.all;
  }

  /** Hears every frame, those included that came before anybody listened: they may come with the opening itself. */
  hear(listener: (body: Frame['body']) => void): void {
    for (const { body } of this.frames) listener(body);
    this.socket.on('message', (data: Buffer) => listener(JSON.parse(data.toString())));
  }

  /** The next frame in order, which must be of this type; Relay's JSON pings stand aside unless asked for. */
  next(type: string): Promise<Frame> {
    return this.#frames.next(type);
  }

  /** The first frame not yet taken that has (one of) this type and these fields, whatever else came before it. */
  find(type: string | string[], fields: Record<string, unknown> = {}): Promise<Frame> {
    return this.#frames.find(type, fields);
  }

  send(message: object | string | Buffer): void {
    this.socket.send(
      message instanceof Buffer || typeof message === 'string' ? message : JSON.stringify(message),
    );
  }

  /** Text frames need not be UTF-8, nor JSON: sends these bytes as one. */
  sendText(bytes: Buffer): void {
    this.socket.send(bytes, { binary: false });
  }

  /** Resolves when Relay has answered everything sent before: what has not come by then does not come as an answer. */
  async settled(): Promise<void> {
    this.send({ type: 'ping' });
    await this.find('pong');
  }

  /** Answers a WebSocket ping as proof of receipt, for clients made with `autoPong: false`. */
  pong(): void {
    this.socket.pong();
  }

  async close(code = 1000): Promise<Closed> {
    this.socket.close(code);
    return this.closed;
  }

  /** Ends without a closing handshake, as a killed process does. */
  async kill(): Promise<Closed> {
    this.socket.terminate();
    return this.closed;
  }

  describe(): string {
    return this.frames.map((frame) => frame.text.slice(0, 300)).join('\n');
  }
}

/** Opens a connection, or throws with the refusal in its message. */
export async function connect(url: string, options: ConnectOptions = {}): Promise<Client> {
  const socket = dial(url, options);
  const client = new Client(socket);
  await new Promise<void>((resolve, reject) => {
    socket.on('open', () => {
      open.add(socket);
      // A test measures what Relay does, not Nagle's algorithm.
      (socket as unknown as { _socket: { setNoDelay(on: boolean): void } })._socket.setNoDelay(true);
      resolve();
    });
    socket.on('unexpected-response', (_, response) =>
      reject(new Error(`refused with ${response.statusCode}`)),
    );
    socket.on('error', reject);
  });
  return client;
}

/** Tries to connect and returns how it was refused; throws when it was let in. */
export function refused(url: string, options: ConnectOptions = {}): Promise<Refusal> {
  const socket = dial(url, options);
  return new Promise((resolve, reject) => {
    socket.on('open', () => {
      socket.terminate();
      reject(new Error('let in, though a refusal was expected'));
    });
    socket.on('unexpected-response', (_, response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString();
        const status = response.statusCode ?? 0;
        const json = response.headers['content-type']?.startsWith('application/problem+json') ?? false;
        resolve({ status, headers: response.headers, problem: json ? JSON.parse(text) : {}, text });
      });
    });
    socket.on('error', reject);
  });
}

/** Ends every connection a test left open, and waits until they are gone. */
export async function closeClients(): Promise<void> {
  const left = [...open];
  await Promise.all(
    left.map(
      (socket) =>
        new Promise<void>((resolve) => {
          socket.on('close', () => resolve());
          socket.terminate();
        }),
    ),
  );
}

function dial(url: string, options: ConnectOptions): WebSocket {
  const target = new URL(url);
  for (const [name, value] of Object.entries(options.query ?? {})) target.searchParams.set(name, value);
  if (options.token !== undefined && options.inQuery) target.searchParams.set('token', options.token);
  const headers: Record<string, string> = { ...options.headers };
  if (options.token !== undefined && !options.inQuery) headers['authorization'] = `Bearer ${options.token}`;
  return new WebSocket(target, options.protocols ?? [], {
    headers,
    autoPong: options.autoPong ?? true,
    perMessageDeflate: false,
    ...(options.from === undefined ? {} : { localAddress: options.from }),
  });
}
