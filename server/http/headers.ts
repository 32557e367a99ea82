import type { IncomingMessage, ServerResponse } from 'node:http';

/** A Host header is repeated in the policy, so anything but a plain host and port is left out of it. */
const HOST = /^[a-zA-Z0-9.-]+(:\d{1,5})?$|^\[[0-9a-fA-F:]+\](:\d{1,5})?$/;

/** Nothing from elsewhere, nothing inline; sockets only to this very host. */
function contentSecurityPolicy(request: IncomingMessage): string {
  const host = request.headers.host ?? '';
  const sockets = HOST.test(host) ? ` ws://${host} wss://${host}` : '';
  return [
    `default-src 'self'`,
    `script-src 'self'`,
    `style-src 'self'`,
    `img-src 'self' data:`,
    `font-src 'self'`,
    `connect-src 'self'${sockets}`,
    `object-src 'none'`,
    `base-uri 'none'`,
    `form-action 'self'`,
    `frame-ancestors 'none'`,
  ].join('; ');
}

/** A year. For this host alone: what stands on those below it is not Relay's to decide. */
const HTTPS_ONLY = 'max-age=31536000';

/** Set on every response before anything else is decided about it. `https`: people come by nothing else. */
export function secure(request: IncomingMessage, response: ServerResponse, https: boolean): void {
  if (https) response.setHeader('strict-transport-security', HTTPS_ONLY);
  response.setHeader('content-security-policy', contentSecurityPolicy(request));
  response.setHeader('x-content-type-options', 'nosniff');
  response.setHeader('referrer-policy', 'no-referrer');
  response.setHeader('cross-origin-opener-policy', 'same-origin');
  response.setHeader('x-frame-options', 'DENY');
}
