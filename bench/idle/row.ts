import { spawn } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import { registerApps } from '../crowd.ts';
import type { Plan } from '../options.ts';
import { startSocketio } from '../peers.ts';
import { ended, file, freePort, printed, residentMemory, startNode } from '../processes.ts';
import type { Subject } from '../processes.ts';
import type { RelaySubject } from '../relay.ts';
import type { Table } from '../report.ts';
import { spread } from '../statistics.ts';

interface Weight {
  perSocket: number;
  /** How much more it was when as many came a second time, per socket. */
  kept: number;
  /** Resident memory after closing all, bytes. */
  after: number;
}

interface Holding {
  pauseMs: number;
  kind: string;
  url: string;
  tokens: string[];
  sockets: number;
}

const WARM_UP = 200;

/** Row b: what idle sockets weigh. */
export async function idleSockets(relay: RelaySubject, plan: Plan): Promise<Table> {
  const sockets = plan.quick ? 500 : 10_000;
  const tokens = await registerApps(relay, 'idle', sockets / 10);
  const port = await freePort();
  const url = `ws://127.0.0.1:${port}`;
  const pauseMs = plan.quick ? 60 : 500;
  const weights = { Relay: [] as Weight[], 'bare ws': [] as Weight[], 'socket.io': [] as Weight[] };
  for (let run = 0; run < Math.min(3, plan.runs); run += 1) {
    // A fresh process each: what the last one had grown to would hide what sockets need.
    await relay.kill();
    await relay.start();
    const ofRelay = { pauseMs, kind: 'ws', url: `${relay.url}/v1/ws/app`, tokens, sockets };
    weights.Relay.push(await weigh(relay, ofRelay));
    const bare = await startNode('bare ws', 'bench/idle/bareWs.ts', [String(port)], { url });
    weights['bare ws'].push(await weigh(bare, { pauseMs, kind: 'ws', url, tokens: [], sockets }));
    await bare.close();
    const socketio = await startSocketio();
    const ofSocketio = { pauseMs, kind: 'socketio', url: socketio.url, tokens: [], sockets };
    weights['socket.io'].push(await weigh(socketio, ofSocketio));
    await socketio.close();
  }
  const kilobytes = (values: number[]) =>
    spread(
      values.map((bytes) => bytes / 1_024),
      1,
    );
  return {
    title: `b. Resident memory of ${sockets.toLocaleString('en')} idle sockets`,
    target: '≤ 12 KB for each authenticated app socket; flat after they close',
    head: ['who', 'KB per socket', 'more when all came again, KB per socket', 'MB after closing'],
    lines: Object.entries(weights).map(([name, own]) => [
      name,
      kilobytes(own.map(({ perSocket }) => perSocket)),
      kilobytes(own.map(({ kept }) => kept)),
      spread(own.map(({ after }) => after / 2 ** 20)),
    ]),
    notes: [
      `Growth of a fresh process’s resident memory, garbage collected, after ${WARM_UP} sockets that do not count; Relay’s sockets hold ${sockets / 10} tokens, ten each.`,
    ],
  };
}

async function weigh(subject: Subject, options: Holding): Promise<Weight> {
  // What the code itself needs once is there before anything is counted.
  await hold(subject, { ...options, sockets: WARM_UP });
  const before = await settled(subject.pid, options.pauseMs);
  const { held, after } = await hold(subject, options);
  const again = await hold(subject, options);
  return { perSocket: (held - before) / options.sockets, kept: (again.held - held) / options.sockets, after };
}

async function hold(subject: Subject, options: Holding) {
  const clients = spawn(process.execPath, [file('bench/idle/holders.ts')], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  clients.stdin.end(JSON.stringify(options));
  await printed(clients, 'open');
  const held = await settled(subject.pid, options.pauseMs);
  await ended(clients, 'SIGKILL');
  return { held, after: await settled(subject.pid, options.pauseMs) };
}

/** Resident memory once collecting garbage makes it no smaller. */
async function settled(pid: number, pauseMs: number): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let idle = 0; idle < 3; idle += 1) {
    process.kill(pid, 'SIGUSR2');
    await pause(pauseMs);
    const now = residentMemory(pid);
    if (now < least * 0.99) idle = 0;
    least = Math.min(least, now);
  }
  return least;
}
