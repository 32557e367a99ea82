import WebSocket from 'ws';
import type { Site } from './site.ts';

export interface Dashboard {
  socket: WebSocket;
  /** How many events it was told of. */
  received: () => number;
}

/** Follows every event of the organisation over graphql-ws. */
export async function watch(site: Site): Promise<Dashboard> {
  const socket = new WebSocket(`${site.wsUrl()}/graphql`, 'graphql-transport-ws');
  let count = 0;
  await new Promise((resolve) => socket.once('open', resolve));
  const acknowledged = new Promise((resolve) => socket.once('message', resolve));
  const payload = { authorization: `Bearer ${site.seed.key.token}` };
  socket.send(JSON.stringify({ type: 'connection_init', payload }));
  await acknowledged;
  socket.on('message', (data: Buffer) => {
    if (JSON.parse(data.toString()).type === 'next') count += 1;
  });
  const id = Buffer.from(`Organization:${site.seed.organizationId}`).toString('base64');
  const query = `subscription ($id: ID!) { eventChanged(organizationId: $id) { left event { id status payload reply } } }`;
  socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query, variables: { id } } }));
  return { socket, received: () => count };
}
