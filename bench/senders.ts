import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { WebSocket } from 'ws';
import { Ledger } from './ledger.ts';
import type { LedgerReport } from './ledger.ts';

export interface LoadOptions {
  /** `ws://…` without a path; both Relay and the floor serve the protocol's two endpoints. */
  url: string;
  appToken: string;
  agentToken: string;
  agentId: string;
  /** Connections that each keep one event under way. */
  clients: number;
  events: number;
  /** Fragments of each answer. */
  tokens: number;
}

interface Frame {
  type: string;
  event_id: string;
  thread_id: string;
  payload: { session: string; number: number };
  token: string;
  reply: string;
}

/** Runs closed-loop senders and one answering agent in this process until every event has its outcome. */
export async function runSenders(options: LoadOptions): Promise<LedgerReport> {
  const ledger = new Ledger();
  // What an earlier run left behind is answered like anything else, and counts for nothing here.
  const run = randomUUID();
  const agent = await connect(`${options.url}/v1/ws/agent`, options.agentToken);
  answer(agent, options.tokens, run, ledger);
  const budget = { left: options.events };
  const apps = await Promise.all(
    Array.from({ length: options.clients }, () => connect(`${options.url}/v1/ws/app`, options.appToken)),
  );
  const started = performance.now();
  await Promise.all(apps.map((app, index) => send(app, `${run}-${index}`, options, budget, ledger)));
  const seconds = (performance.now() - started) / 1_000;
  for (const socket of [...apps, agent]) socket.close();
  return ledger.report(seconds);
}

function answer(agent: WebSocket, tokens: number, run: string, ledger: Ledger): void {
  const fragments = Array.from({ length: tokens }, (_, index) => `fragment ${index} `);
  const content = fragments.join('');
  agent.on('message', (data: Buffer) => {
    const frame = JSON.parse(data.toString()) as Frame;
    if (frame.type !== 'event') return;
    if (frame.payload.session.startsWith(run)) ledger.dispatched(frame.payload.session, frame.payload.number);
    for (const token of fragments)
      agent.send(JSON.stringify({ type: 'token', event_id: frame.event_id, token }));
    agent.send(JSON.stringify({ type: 'reply', event_id: frame.event_id, content }));
  });
}

/** One connection: the next event goes out when the outcome of the last is here. */
function send(
  app: WebSocket,
  session: string,
  options: LoadOptions,
  budget: { left: number },
  ledger: Ledger,
): Promise<void> {
  return new Promise((resolve, reject) => {
    let number = -1;
    let streamed = '';
    const next = () => {
      if (budget.left === 0) return resolve();
      budget.left -= 1;
      number += 1;
      streamed = '';
      ledger.sent(`${session}:${number}`);
      const payload = { session, number, text: 'What is the state of the project this morning?' };
      app.send(JSON.stringify({ type: 'event', agent_id: options.agentId, thread_id: session, payload }));
    };
    app.on('message', (data: Buffer) => {
      const frame = JSON.parse(data.toString()) as Frame;
      if (frame.type === 'token') streamed += frame.token;
      else if (frame.type === 'reply' && frame.payload.session === session) {
        ledger.replied(`${session}:${frame.payload.number}`, streamed === frame.reply);
        next();
      } else if (frame.type === 'error') reject(new Error(data.toString()));
    });
    app.on('close', (code: number) => reject(new Error(`closed with ${code}`)));
    next();
  });
}

async function connect(url: string, token: string): Promise<WebSocket> {
  const socket = new WebSocket(url, {
    headers: { authorization: `Bearer ${token}` },
    perMessageDeflate: false,
  });
  socket.on('upgrade', (response) => response.socket.setNoDelay(true));
  await once(socket, 'open');
  return socket;
}

if (process.argv[2] === 'run')
  console.log(JSON.stringify(await runSenders(JSON.parse(process.argv[3] ?? '') as LoadOptions)));
