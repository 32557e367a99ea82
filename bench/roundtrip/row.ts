import { randomUUID } from 'node:crypto';
import type { Plan } from '../options.ts';
import { startNats, startRabbit, startSocketio } from '../peers.ts';
import { freePort, residentMemory, runClient, startNode } from '../processes.ts';
import type { RelaySubject } from '../relay.ts';
import type { Table } from '../report.ts';
import { median, spread } from '../statistics.ts';
import type { LedgerReport } from './ledger.ts';
import type { LoadOptions } from './senders.ts';
import type { WireTarget } from './wire.ts';

interface Contender {
  name: string;
  durability: string;
  target: Pick<WireTarget, 'kind' | 'url'>;
  close(): Promise<void>;
}

/** Row a: round trips of Relay and of everyone else, in turns. */
export async function roundTrips(relay: RelaySubject, plan: Plan): Promise<Table> {
  const { contenders, absent } = await start(relay);
  const before = residentMemory(relay.pid);
  const lines: string[][] = [];
  try {
    for (const contender of contenders) await run(relay, contender, 16, 20, plan.quick ? 0.2 : 1);
    for (const tokens of plan.quick ? [20] : [0, 20, 200])
      for (const clients of plan.quick ? [16] : [1, 16, 64])
        lines.push(...(await compare(relay, contenders, clients, tokens, plan)));
  } finally {
    for (const { close } of contenders.slice(1).reverse()) await close();
  }
  const megabytes = (bytes: number) => Math.round(bytes / 2 ** 20);
  return {
    title: 'a. Round trip: app → committed → agent → tokens → committed reply → app',
    target:
      '≥ 1.2 × the floor at 16 clients and ≥ 1.4 × at 64, ≤ 0.5 ms above it at 1; ≥ 1.5 × RabbitMQ; level with socket.io at 64',
    head: ['tokens', 'clients', 'who', 'durability', 'events/s', 'p50 ms', 'p99 ms', 'wrong', 'Relay does'],
    lines,
    notes: [
      'The floor is `ws` with one INSERT and one UPDATE per event on a table with the event table’s columns and indexes (bench/roundtrip/floor.ts).',
      'Each client keeps one event under way. “Wrong” counts events lost, doubled, out of order or not whole, by the clients’ own ledger and, for Relay, in its database.',
      'RabbitMQ: durable queues, persistent messages, confirms; its tokens pass through the same queue. It also confirms, unsynced, what a consumer has acknowledged before it was synced. JetStream: events and replies stored, tokens on plain subjects.',
      `Relay’s resident memory ${megabytes(before)} MB before, ${megabytes(residentMemory(relay.pid))} MB after all of this.`,
      ...absent.map((name) => `${name}: absent (not installed).`),
    ],
  };
}

async function start(relay: RelaySubject): Promise<{ contenders: Contender[]; absent: string[] }> {
  const port = await freePort();
  const options = { url: `ws://127.0.0.1:${port}` };
  const [floor, rabbit, nats, socketio] = await Promise.all([
    startNode('floor', 'bench/roundtrip/floor.ts', ['run', relay.databaseUrl, String(port)], options),
    startRabbit(),
    startNats(),
    startSocketio(),
  ]);
  const contenders: Contender[] = [];
  const absent: string[] = [];
  const add = (
    subject: { name: string; url: string; close(): Promise<void> } | null,
    name: string,
    kind: WireTarget['kind'],
    durability: string,
  ) => {
    if (!subject) return absent.push(name);
    contenders.push({ name, durability, target: { kind, url: subject.url }, close: () => subject.close() });
  };
  add(relay, 'Relay', 'ws', 'D2');
  add(floor, 'floor', 'ws', 'D2');
  add(rabbit, 'RabbitMQ', 'rabbit', 'D2');
  add(nats, 'NATS JetStream', 'nats', 'D1');
  add(socketio, 'socket.io', 'socketio', 'D0');
  return { contenders, absent };
}

async function compare(
  relay: RelaySubject,
  contenders: Contender[],
  clients: number,
  tokens: number,
  plan: Plan,
): Promise<string[][]> {
  const reports = new Map(contenders.map(({ name }) => [name, [] as LedgerReport[]]));
  // In turns, so that whatever else the machine does falls on all alike.
  for (let turn = 0; turn < plan.runs; turn += 1)
    for (const contender of contenders)
      reports.get(contender.name)?.push(await run(relay, contender, clients, tokens, plan.seconds));
  const ratesOf = (name: string) => (reports.get(name) ?? []).map((report) => report.eventsPerSecond);
  return contenders.map(({ name, durability }) => {
    const own = reports.get(name) ?? [];
    const ratios = ratesOf('Relay').map((rate, turn) => rate / (ratesOf(name)[turn] ?? Number.NaN));
    const wrong = own.reduce((sum, r) => sum + r.lost + r.doubled + r.disordered + r.garbled, 0);
    return [
      String(tokens),
      String(clients),
      name,
      durability,
      spread(ratesOf(name)),
      median(own.map((report) => report.p50Ms)).toFixed(2),
      median(own.map((report) => report.p99Ms)).toFixed(2),
      String(wrong),
      name === 'Relay' ? '' : `${median(ratios).toFixed(2)} ×`,
    ];
  });
}

async function run(
  relay: RelaySubject,
  { name, target }: Contender,
  clients: number,
  tokens: number,
  seconds: number,
): Promise<LedgerReport> {
  const { appToken, agentToken } = relay;
  const options: LoadOptions = {
    ...target,
    ...{ appToken, agentToken, agentId: 'answerer', clients, seconds, tokens, run: randomUUID() },
  };
  const report = await runClient<LedgerReport>('bench/roundtrip/senders.ts', options);
  if (name !== 'Relay') return report;
  const { rows } = await relay.db.query<{ count: number }>(
    `select count(*)::int as count from event where thread_id like $1 and status = 'delivered'`,
    [`${options.run}%`],
  );
  return { ...report, lost: report.lost + Math.abs(report.events - (rows[0]?.count ?? 0)) };
}
