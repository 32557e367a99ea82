import type { Socket } from 'node:net';
import { connect } from '../roundtrip/wsWire.ts';
import { openRaw, textFrame } from './rawSocket.ts';

export interface FanoutOptions {
  /** GraphQL over WebSocket. */
  url: string;
  authorization: string | null;
  query: string;
  variables: Record<string, unknown>;
  dashboards: number;
  /** Measured events; some more come before them. */
  events: number;
  /** Where an app sends the events, or the bare server takes its triggers. */
  trigger: { url: string; token: string };
}

const WARM_UP = 3;
const AT_ONCE = 50;

/** Subscribes all dashboards and sends one event after the other: milliseconds from sending to the last arrival. */
async function watchAll(options: FanoutOptions): Promise<number[]> {
  const watchers: Socket[] = [];
  // Not all at once: a server's queue of connections it has yet to take is short.
  while (watchers.length < options.dashboards) {
    const some = Math.min(AT_ONCE, options.dashboards - watchers.length);
    const opened = Array.from({ length: some }, (_, index) => open(options, watchers.length + index));
    watchers.push(...(await Promise.all(opened)));
  }
  const app = await connect(options.trigger.url, options.trigger.token);
  const times: number[] = [];
  for (let event = 0; event < WARM_UP + options.events; event += 1) {
    const thread = `fan-${event}-${'x'.repeat(8)}`;
    const arrived = allSee(watchers, thread);
    const started = performance.now();
    const payload = { text: 'What is the state of the project this morning?' };
    app.send(JSON.stringify({ type: 'event', agent_id: 'absent', thread_id: thread, payload }));
    await arrived;
    if (event >= WARM_UP) times.push(performance.now() - started);
  }
  app.close();
  for (const socket of watchers) socket.destroy();
  return times;
}

async function open(options: FanoutOptions, index: number): Promise<Socket> {
  const socket = await openRaw(options.url, { 'Sec-WebSocket-Protocol': 'graphql-transport-ws' });
  await subscribe(socket, options, index);
  return socket;
}

/** Resolves when the subscription stands, which both servers say with a first message. */
async function subscribe(socket: Socket, { authorization, query, variables }: FanoutOptions, index: number) {
  const said = (text: string) =>
    new Promise<void>((resolve, reject) => {
      const read = (chunk: Buffer) => {
        if (chunk.includes('"errors"') || chunk.includes('"type":"error"'))
          reject(new Error(chunk.toString()));
        if (!chunk.includes(text)) return;
        socket.off('data', read);
        resolve();
      };
      socket.on('data', read);
      socket.once('close', () => reject(new Error('closed before it was subscribed')));
    });
  const send = (message: object) => socket.write(textFrame(JSON.stringify(message)));
  const acknowledged = said('connection_ack');
  send({ type: 'connection_init', payload: authorization === null ? {} : { authorization } });
  await acknowledged;
  const standing = said('"ready":true');
  send({ type: 'subscribe', id: `dashboard-${index}`, payload: { query, variables } });
  await standing;
}

function allSee(watchers: Socket[], text: string): Promise<void> {
  let missing = watchers.length;
  return new Promise((resolve) => {
    for (const socket of watchers) {
      const read = (chunk: Buffer) => {
        if (!chunk.includes(text)) return;
        socket.off('data', read);
        missing -= 1;
        if (missing === 0) resolve();
      };
      socket.on('data', read);
    }
  });
}

if (process.argv[2] === 'run')
  console.log(JSON.stringify(await watchAll(JSON.parse(process.argv[3] ?? '') as FanoutOptions)));
