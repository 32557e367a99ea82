import type { Duplex } from 'node:stream';

/** Why an upgrade is refused, as the protocol names it (§1). */
export type RefusalCode =
  'BAD_REQUEST' | 'UNAUTHORIZED' | 'INACTIVE' | 'TOO_MANY_ATTEMPTS' | 'TOO_MANY_CONNECTIONS' | 'UNAVAILABLE';

const STATUS: Record<RefusalCode, [number, string]> = {
  BAD_REQUEST: [400, 'Bad Request'],
  UNAUTHORIZED: [401, 'Unauthorized'],
  INACTIVE: [403, 'Forbidden'],
  TOO_MANY_ATTEMPTS: [429, 'Too Many Requests'],
  TOO_MANY_CONNECTIONS: [429, 'Too Many Requests'],
  UNAVAILABLE: [503, 'Service Unavailable'],
};

/** Thrown on the way to an upgrade. The detail is public and never holds what the client sent. */
export class UpgradeRefused extends Error {
  readonly code: RefusalCode;
  readonly retryAfterSeconds: number | null;

  constructor(code: RefusalCode, detail: string, retryAfterSeconds: number | null = null) {
    super(detail);
    this.code = code;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** Answers an upgrade with application/problem+json (RFC 9457) and ends the socket. */
export function refuse(socket: Duplex, { code, message, retryAfterSeconds }: UpgradeRefused): void {
  const [status, title] = STATUS[code];
  const body = JSON.stringify({ type: 'about:blank', title, status, code, detail: message });
  const headers = [
    `HTTP/1.1 ${status} ${title}`,
    'Content-Type: application/problem+json',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Cache-Control: no-store',
    'Connection: close',
    ...(code === 'UNAUTHORIZED' ? ['WWW-Authenticate: Bearer realm="relay"'] : []),
    ...(retryAfterSeconds === null ? [] : [`Retry-After: ${retryAfterSeconds}`]),
  ];
  socket.end(`${headers.join('\r\n')}\r\n\r\n${body}`, () => socket.destroy());
}
