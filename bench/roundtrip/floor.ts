import pg from 'pg';
import { WebSocketServer } from 'ws';
import type { WebSocket } from 'ws';
import { createEventIds } from '../../server/broker/eventId.ts';

/**
 * The least anybody could build: `ws`, one INSERT before the event goes on, one UPDATE before the answer does, on a
 * table with the event table's columns and indexes. No accounts, no order, no deadlines, no handover.
 */
async function startFloor(databaseUrl: string, port: number): Promise<void> {
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 16 });
  await pool.query('drop table if exists floor_event');
  await pool.query('create table floor_event (like event including all)');
  const nextId = createEventIds(1n, () => Date.now());
  const apps = new Map<string, WebSocket>();
  let agent: WebSocket | null = null;
  const server = new WebSocketServer({ port, host: '127.0.0.1', perMessageDeflate: false });
  server.once('listening', () => console.log('listening'));
  server.on('connection', (socket, request) => {
    request.socket.setNoDelay(true);
    if (request.url?.startsWith('/v1/ws/agent')) {
      agent = socket;
      socket.on('message', (data: Buffer) => void fromAgent(data.toString()));
    } else socket.on('message', (data: Buffer) => void fromApp(socket, data.toString()));
  });

  async function fromApp(socket: WebSocket, text: string): Promise<void> {
    const message = JSON.parse(text) as { agent_id: string; thread_id: string; payload: unknown };
    const id = nextId();
    await pool.query({
      name: 'insert',
      text: `insert into floor_event (id, organization_id, app_id, agent_id, agent_slug, thread_id, status, origin, payload, accepted_at)
        values ($1, $2, $2, $2, $3, $4, 'pending', 'app', $5, now())`,
      values: [id, OWNER, message.agent_id, message.thread_id, JSON.stringify(message.payload)],
    });
    apps.set(id, socket);
    socket.send(JSON.stringify({ type: 'accepted', event_id: id, status: 'accepted' }));
    agent?.send(
      JSON.stringify({ type: 'event', event_id: id, thread_id: message.thread_id, payload: message.payload }),
    );
  }

  async function fromAgent(text: string): Promise<void> {
    const message = JSON.parse(text) as { type: string; event_id: string; token: string; content: string };
    const app = apps.get(message.event_id);
    if (message.type === 'token') {
      app?.send(JSON.stringify({ type: 'token', event_id: message.event_id, token: message.token }));
      return;
    }
    const { rows } = await pool.query<{ payload: string }>({
      name: 'update',
      text: `update floor_event set status = 'delivered', settled_at = now(), reply_content = $2 where id = $1 returning payload`,
      values: [message.event_id, JSON.stringify(message.content)],
    });
    apps.delete(message.event_id);
    const payload: unknown = JSON.parse(rows[0]?.payload ?? '{}');
    app?.send(JSON.stringify({ type: 'reply', event_id: message.event_id, reply: message.content, payload }));
  }
}

const OWNER = '00000000-0000-0000-0000-000000000001';

if (process.argv[2] === 'run') await startFloor(process.argv[3] ?? '', Number(process.argv[4]));
