import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import type { Socket } from 'node:net';

/**
 * A WebSocket client that only shakes hands, sends, and hands over bytes: with thousands of clients in one process, what
 * a full client does for each frame would be measured instead of the server.
 */
export async function openRaw(url: string, headers: Record<string, string>): Promise<Socket> {
  const { hostname, port, pathname } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port), noDelay: true });
  await once(socket, 'connect');
  const lines = {
    Host: `${hostname}:${port}`,
    Connection: 'Upgrade',
    Upgrade: 'websocket',
    'Sec-WebSocket-Version': '13',
    'Sec-WebSocket-Key': randomBytes(16).toString('base64'),
    ...headers,
  };
  const head = Object.entries(lines).map(([name, value]) => `${name}: ${value}`);
  socket.write(`GET ${pathname} HTTP/1.1\r\n${head.join('\r\n')}\r\n\r\n`);
  // What happens to it later shows in its end; here, being closed without an answer is a failure too.
  socket.on('error', () => undefined);
  const answer = await new Promise<Buffer>((resolve, reject) => {
    const closed = () => reject(new Error('closed without an answer'));
    socket.once('close', closed);
    socket.once('data', (data: Buffer) => {
      socket.off('close', closed);
      resolve(data);
    });
  });
  if (!answer.toString('latin1').startsWith('HTTP/1.1 101')) throw new Error(answer.toString());
  return socket;
}

/** A masked text frame, as clients must send; the mask of zeros spares the work of masking. */
export function textFrame(text: string): Buffer {
  const body = Buffer.from(text);
  const length = body.length < 126 ? [0x80 | body.length] : [0x80 | 126, body.length >> 8, body.length & 255];
  return Buffer.concat([Buffer.from([0x81, ...length, 0, 0, 0, 0]), body]);
}
