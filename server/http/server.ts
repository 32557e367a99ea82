import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Log } from '../log.ts';
import { secure } from './headers.ts';
import { sendProblem } from './problem.ts';

export type Handler = (request: IncomingMessage, response: ServerResponse) => void | Promise<void>;
export type UpgradeHandler = (request: IncomingMessage, socket: Duplex, head: Buffer) => void;

export interface Mounts {
  /** By exact path. */
  handlers: Record<string, Handler>;
  /** Takes whatever no exact path does. */
  fallback: Handler;
  /** WebSocket endpoints by exact path. */
  upgrades: Record<string, UpgradeHandler>;
}

export interface HttpServer {
  /** Resolves to the port; rejects with the system's error when it cannot be had. */
  listen(port: number, host: string): Promise<number>;
  /**
   * Takes no new connections and ends those that speak HTTP. Upgraded ones belong to whoever took them over; what is
   * left of them two seconds later is destroyed.
   */
  close(): Promise<void>;
}

/** Slow senders are cut off, so that they cannot hold connections for nothing. */
const HEADERS_TIMEOUT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 30_000;
const CHECK_EVERY_MS = 2_000;
const LEFTOVERS_MS = 2_000;

/** The path without its query, which may hold a token and is looked at by nobody here. */
export function pathOf(request: IncomingMessage): string {
  return (request.url ?? '/').split('?', 1)[0] ?? '/';
}

function own<T>(table: Record<string, T>, key: string): T | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}

const needsUpgrade: Handler = (_request, response) =>
  sendProblem(response, 400, 'BAD_REQUEST', 'This address speaks WebSocket only.', { upgrade: 'websocket' });

function handlerFor(mounts: Mounts, path: string): Handler {
  return own(mounts.handlers, path) ?? (own(mounts.upgrades, path) ? needsUpgrade : mounts.fallback);
}

/** `https`: the address people use begins with it. */
export function createHttpServer(mounts: Mounts, log: Log, https: boolean): HttpServer {
  const server = createServer(
    {
      noDelay: true,
      headersTimeout: HEADERS_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      connectionsCheckingInterval: CHECK_EVERY_MS,
      keepAliveTimeout: 65_000,
      maxHeaderSize: 16 * 1024,
      // Anything else that offers an upgrade (HTTP/2 clients do) is an ordinary request.
      shouldUpgradeCallback: (request) => own(mounts.upgrades, pathOf(request)) !== undefined,
    },
    (request, response) => {
      secure(request, response, https);
      void answer(handlerFor(mounts, pathOf(request)), request, response, log);
    },
  );
  const upgraded = new Set<Duplex>();
  // One function for all: they stay with every socket for as long as it lives.
  function forget(this: Duplex): void {
    upgraded.delete(this);
  }
  server.on('upgrade', (request, socket, head) => {
    upgraded.add(socket);
    socket.on('close', forget);
    // Before a handler takes over, a reset would otherwise be an unhandled error.
    socket.on('error', destroy);
    own(mounts.upgrades, pathOf(request))?.(request, socket, head);
  });
  return {
    listen: (port, host) =>
      new Promise((resolve, reject) => {
        server.once('error', reject);
        server.listen(port, host, 1024, () => {
          server.off('error', reject);
          resolve((server.address() as AddressInfo).port);
        });
      }),
    async close() {
      server.close();
      server.closeAllConnections();
      setTimeout(() => upgraded.forEach((socket) => socket.destroy()), LEFTOVERS_MS).unref();
    },
  };
}

function destroy(this: Duplex): void {
  this.destroy();
}

async function answer(handler: Handler, request: IncomingMessage, response: ServerResponse, log: Log) {
  try {
    await handler(request, response);
  } catch (error) {
    log.error({ err: error, path: pathOf(request) }, 'request failed');
    if (response.headersSent) response.destroy();
    else sendProblem(response, 500, 'INTERNAL', 'Something went wrong.');
  }
}
