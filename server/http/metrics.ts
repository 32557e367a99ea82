import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { sendProblem } from './problem.ts';
import type { Handler } from './server.ts';

interface Exposition {
  contentType: string;
  metrics(): Promise<string>;
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

function bearer(request: IncomingMessage): string | null {
  return /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? null;
}

/** The socket's own peer, never a forwarded address: a proxy on this machine must not open the door to the world. */
function local(request: IncomingMessage): boolean {
  const peer = request.socket.remoteAddress ?? '';
  const near = peer === '::1' || peer.startsWith('127.') || peer.startsWith('::ffff:127.');
  return near && request.headers['x-forwarded-for'] === undefined && request.headers.forwarded === undefined;
}

/**
 * Prometheus' door. With a token configured everyone needs it; without one only callers on this machine get in.
 */
export function metricsHandler(registry: Exposition, token: string | null): Handler {
  return async (request, response) => {
    if (token === null && !local(request)) {
      sendProblem(
        response,
        403,
        'FORBIDDEN',
        'Set RELAY_METRICS_TOKEN to read metrics from another machine.',
      );
      return;
    }
    const given = bearer(request);
    if (token !== null && (given === null || !timingSafeEqual(digest(given), digest(token)))) {
      sendProblem(response, 401, 'UNAUTHORIZED', 'The metrics token is missing or wrong.', {
        'www-authenticate': 'Bearer',
      });
      return;
    }
    const text = await registry.metrics();
    response.writeHead(200, { 'content-type': registry.contentType, 'cache-control': 'no-store' });
    response.end(text);
  };
}
