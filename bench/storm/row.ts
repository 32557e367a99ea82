import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { registerApps } from '../crowd.ts';
import type { Plan } from '../options.ts';
import { file, freePort, printed, startNode } from '../processes.ts';
import type { RelaySubject } from '../relay.ts';
import type { Table } from '../report.ts';
import { quantile, spread } from '../statistics.ts';
import type { StormReport } from './clients.ts';

/** Row c: kill -9 with everybody connected, and everybody back at once. */
export async function reconnectStorm(relay: RelaySubject, plan: Plan): Promise<Table> {
  const count = plan.quick ? 500 : 5_000;
  const tokens = await registerApps(relay, 'storm', count);
  const probe = {
    ...{ appToken: relay.appToken, agentToken: relay.agentToken, agentId: 'answerer' },
    ...{ app: `${relay.url}/v1/ws/app`, agent: `${relay.url}/v1/ws/agent` },
  };
  const reports: Record<'relay' | 'bare', StormReport[]> = { relay: [], bare: [] };
  const runs = Math.min(plan.runs, 3);
  for (let run = 0; run < runs; run += 1) {
    reports.bare.push(await bareStorm(tokens));
    const restart = async () => {
      await relay.kill();
      await relay.start();
    };
    reports.relay.push(await storm({ url: `${relay.url}/v1/ws/app`, tokens, probe }, restart));
  }
  const events = reports.relay.flatMap((report) => report.events);
  const lines = (['relay', 'bare'] as const).map((who) => [
    who === 'relay' ? 'Relay' : 'bare ws',
    spread(
      reports[who].map(({ allBackMs }) => allBackMs / 1_000),
      2,
    ),
    spread(
      reports[who].map(({ stormMs }) => stormMs / 1_000),
      2,
    ),
    spread(reports[who].map(({ stormMs }) => count / (stormMs / 1_000))),
    String(reports[who].reduce((sum, { refused }) => sum + refused, 0)),
    who === 'relay' ? quantile(events, 0.99).toFixed(0) : '',
  ]);
  return {
    title: `c. kill -9 with ${count.toLocaleString('en')} sockets of ${count.toLocaleString('en')} tokens`,
    target: 'all back in < 5 s without jitter; p99 of events meanwhile < 250 ms',
    head: [
      'who',
      'all back, s after the kill',
      'of that from the first back, s',
      'accepts/s',
      'refused',
      'event p99 ms',
    ],
    lines,
    notes: [
      'Every client tries again 50 ms after each failure. The time after the kill includes the restart of the process, which for Relay means adopting its database; no token is known to the new process, so each costs one Argon2id.',
      `Events: one every 5 ms from when the sender is back until all are, ${events.length} in all.`,
    ],
  };
}

async function bareStorm(tokens: string[]): Promise<StormReport> {
  const port = await freePort();
  const url = `ws://127.0.0.1:${port}`;
  const start = () => startNode('bare ws', 'bench/idle/bareWs.ts', [String(port)], { url });
  let server = await start();
  try {
    return await storm({ url: `${url}/`, tokens, probe: null }, async () => {
      process.kill(server.pid, 'SIGKILL');
      server = await start();
    });
  } finally {
    await server.close();
  }
}

async function storm(options: object, restart: () => Promise<void>): Promise<StormReport> {
  const clients = spawn(process.execPath, [file('bench/storm/clients.ts')], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let output = '';
  clients.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  clients.stdin.end(JSON.stringify(options));
  await printed(clients, 'ready');
  const over = once(clients, 'close');
  await restart();
  await over;
  return JSON.parse(output.slice(output.indexOf('{'))) as StormReport;
}
