import { connect, createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';

export type Direction = 'up' | 'down';
/** What becomes of bytes on their way; null drops them. `up` is from the client to the server. */
export type Alter = (bytes: Buffer, direction: Direction) => Buffer[] | null;

interface Pair {
  client: Socket;
  server: Socket;
}

const unchanged: Alter = (bytes) => [bytes];

/** TCP between a client and its server, with the faults of real networks at the turn of a switch. */
export class Proxy {
  /** Loopback port to connect to. */
  port = 0;
  private readonly target: () => number;
  private readonly listener: Server;
  private readonly pairs = new Set<Pair>();
  private readonly silent = new Set<Direction>();
  private alter: Alter = unchanged;
  /** Bytes per second towards the client; 0 = as fast as it goes. */
  private rate = 0;

  private constructor(target: () => number) {
    this.target = target;
    this.listener = createServer((client) => this.join(client));
  }

  static async open(target: () => number): Promise<Proxy> {
    const proxy = new Proxy(target);
    await new Promise<void>((resolve) => proxy.listener.listen(0, '127.0.0.1', resolve));
    proxy.port = (proxy.listener.address() as AddressInfo).port;
    return proxy;
  }

  get connections(): number {
    return this.pairs.size;
  }

  /** From now on bytes that way vanish, and so does every sign of an end: a half-open connection. */
  silence(...directions: Direction[]): void {
    for (const direction of directions) this.silent.add(direction);
  }

  /** What vanished stays lost; connections made from now on work. */
  speak(): void {
    this.silent.clear();
  }

  /** @param bytesPerSecond 0 = as fast as it goes, at once */
  slow(bytesPerSecond: number): void {
    this.rate = bytesPerSecond;
    if (bytesPerSecond === 0) for (const { server } of this.pairs) server.resume();
  }

  garble(alter: Alter): void {
    this.alter = alter;
  }

  clean(): void {
    this.alter = unchanged;
  }

  /** Ends every connection with a TCP reset on both sides. */
  reset(): void {
    for (const { client, server } of this.pairs) {
      client.resetAndDestroy();
      server.resetAndDestroy();
    }
  }

  async close(): Promise<void> {
    this.reset();
    await new Promise((resolve) => this.listener.close(resolve));
  }

  private join(client: Socket): void {
    const server = connect({ port: this.target(), host: '127.0.0.1' });
    const pair = { client, server };
    this.pairs.add(pair);
    this.carry(client, server, 'up', pair);
    this.carry(server, client, 'down', pair);
  }

  private carry(from: Socket, to: Socket, direction: Direction, pair: Pair): void {
    from.setNoDelay(true);
    from.on('data', (bytes: Buffer) => {
      if (this.silent.has(direction)) return;
      const slow = direction === 'down' && this.rate > 0;
      for (const part of this.alter(bytes, direction) ?? []) {
        const more = to.write(part);
        if (!slow && !more) pauseUntilDrained(from, to);
      }
      if (slow) rest(from, (bytes.length / this.rate) * 1_000);
    });
    from.on('error', () => undefined);
    from.on('close', () => {
      this.pairs.delete(pair);
      if (!this.silent.has(direction)) to.destroy();
    });
  }
}

function pauseUntilDrained(from: Socket, to: Socket): void {
  from.pause();
  to.once('drain', () => from.resume());
}

function rest(from: Socket, ms: number): void {
  from.pause();
  setTimeout(() => from.resume(), ms).unref();
}
