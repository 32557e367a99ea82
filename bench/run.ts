import { cpus } from 'node:os';
import type { LedgerReport } from './ledger.ts';
import { load, provision, startFloorProcess, startRelayProcess } from './processes.ts';
import type { Subject } from './processes.ts';

const HELP = `Usage: npm run bench -- [--quick] [--events N] [--tokens N] [--runs N]

Sends events through Relay and through the least anybody could build on the same database (bench/floor.ts), in turns, with
1, 16 and 64 connections that each keep one event under way. Every answer streams --tokens fragments (20) and is counted.

  --events N   events per run at 64 connections (20000; fewer connections send proportionally fewer)
  --tokens N   fragments per answer (20)
  --runs N     runs of each, the median is printed (5)
  --quick      one run of 2000 events`;

const RELAY_PORT = 4311;
const FLOOR_PORT = 4312;

interface Plan {
  events: number;
  tokens: number;
  runs: number;
}

function planOf(args: string[]): Plan {
  const number = (name: string, fallback: number) => {
    const at = args.indexOf(name);
    if (at < 0) return fallback;
    const value = Number(args[at + 1]);
    if (!Number.isInteger(value) || value < 0) throw new Error(`${name} needs a whole number.`);
    return value;
  };
  const quick = args.includes('--quick');
  return {
    events: number('--events', quick ? 2_000 : 20_000),
    tokens: number('--tokens', 20),
    runs: number('--runs', quick ? 1 : 5),
  };
}

async function measure(
  subject: Subject,
  tokens: { appToken: string; agentToken: string },
  clients: number,
  plan: Plan,
) {
  const events = Math.max(500, Math.round((plan.events * clients) / 64));
  return load({ url: subject.url, ...tokens, agentId: 'answerer', clients, events, tokens: plan.tokens });
}

function median(reports: LedgerReport[]): LedgerReport {
  const sorted = [...reports].sort((a, b) => a.eventsPerSecond - b.eventsPerSecond);
  return sorted[Math.floor(sorted.length / 2)] as LedgerReport;
}

function line(name: string, clients: number, reports: LedgerReport[]): string {
  const middle = median(reports);
  const rates = reports.map((report) => report.eventsPerSecond);
  const wrong = reports.reduce((sum, r) => sum + r.lost + r.doubled + r.disordered + r.garbled, 0);
  const spread = `${Math.min(...rates)}–${Math.max(...rates)}`;
  return [
    name.padEnd(6),
    String(clients).padStart(7),
    String(middle.eventsPerSecond).padStart(9),
    spread.padStart(12),
    `${middle.p50Ms} ms`.padStart(10),
    `${middle.p99Ms} ms`.padStart(10),
    String(wrong).padStart(6),
  ].join('  ');
}

async function main(args: string[]): Promise<void> {
  if (args.includes('--help')) return console.log(HELP);
  const plan = planOf(args);
  const relay = await startRelayProcess(RELAY_PORT);
  const floor = await startFloorProcess(relay.databaseUrl, FLOOR_PORT);
  try {
    const tokens = await provision(relay.url, relay.env);
    console.log(
      `${cpus()[0]?.model} × ${cpus().length}, Node ${process.version}, ${plan.tokens} tokens, fsync before every ack`,
    );
    console.log('          clients   events/s        spread         p50         p99   wrong');
    await measure(relay, tokens, 64, { ...plan, events: 2_000 });
    await measure(floor, tokens, 64, { ...plan, events: 2_000 });
    for (const clients of [1, 16, 64]) await compare(relay, floor, tokens, clients, plan);
    const before = relay.memory();
    await measure(relay, tokens, 64, plan);
    console.log(
      `Relay's resident memory: ${megabytes(before)} MB, after ${plan.events} more events ${megabytes(relay.memory())} MB`,
    );
  } finally {
    await floor.close();
    await relay.close();
  }
}

async function compare(
  relay: Subject,
  floor: Subject,
  tokens: { appToken: string; agentToken: string },
  clients: number,
  plan: Plan,
) {
  const reports: { relay: LedgerReport[]; floor: LedgerReport[] } = { relay: [], floor: [] };
  // In turns, so that whatever else the machine does falls on both alike.
  for (let run = 0; run < plan.runs; run += 1) {
    reports.floor.push(await measure(floor, tokens, clients, plan));
    reports.relay.push(await measure(relay, tokens, clients, plan));
  }
  console.log(line('floor', clients, reports.floor));
  console.log(line('relay', clients, reports.relay));
  const ratio = median(reports.relay).eventsPerSecond / median(reports.floor).eventsPerSecond;
  console.log(`        relay does ${ratio.toFixed(2)} × the floor`);
}

function megabytes(bytes: number): number {
  return Math.round(bytes / 1_048_576);
}

await main(process.argv.slice(2));
