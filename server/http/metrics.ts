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

/** What proxies tell of themselves and of whom they speak for. */
const PROXIED = /^(x-forwarded-.*|forwarded|x-real-ip|via)$/;

/** The socket's own peer, never a forwarded address: a proxy on this machine must not open the door to the world. */
function near(request: IncomingMessage): boolean {
  const peer = request.socket.remoteAddress ?? '';
  const here = peer === '::1' || peer.startsWith('127.') || peer.startsWith('::ffff:127.');
  return here && !Object.keys(request.headers).some((name) => PROXIED.test(name));
}

/**
 * Prometheus' door. With a token configured everyone needs it. Without one only callers on this machine get in, and those
 * only where Relay is `local`, there for this machine alone: elsewhere a proxy that says nothing of itself may stand in front.
 */
export function metricsHandler(registry: Exposition, token: string | null, local: boolean): Handler {
  return async (request, response) => {
    if (token === null && !(local && near(request))) {
      sendProblem(
        response,
        403,
        'FORBIDDEN',
        'Set RELAY_METRICS_TOKEN to read metrics from elsewhere, or of a Relay that others can reach.',
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
