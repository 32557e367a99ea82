import { mutate } from '../../examples/demo/graphql.ts';
import type { Plan } from '../options.ts';
import { freePort, runClient, startNode } from '../processes.ts';
import type { RelaySubject } from '../relay.ts';
import type { Table } from '../report.ts';
import { median, quantile, spread } from '../statistics.ts';
import type { FanoutOptions } from './dashboards.ts';

const SELECTION = 'ready left event { eventId threadId status acceptedAt app { name } }';
const BARE = `subscription { eventChanged { ${SELECTION} } }`;
const RELAY = `subscription ($organization: ID!) { eventChanged(organizationId: $organization) { ${SELECTION} } }`;

/** Row e: one event to many dashboards, beside graphql-ws with nothing behind it. */
export async function fanOut(relay: RelaySubject, plan: Plan): Promise<Table> {
  const owner = { organizationId: relay.organizationId };
  // An agent that is never there: its events are told once, as accepted.
  const absent = { ...owner, name: 'Absent', agentId: 'absent', description: '' };
  await mutate(relay.http, relay.key, 'registerAgent', absent, 'token');
  const port = await freePort();
  const url = `ws://127.0.0.1:${port}`;
  const bare = await startNode('graphql-ws', 'bench/fanout/bare.ts', [String(port)], { url });
  const events = plan.quick ? 5 : 20;
  const ofRelay = {
    url: `${relay.url}/graphql`,
    authorization: `Bearer ${relay.key}`,
    query: RELAY,
    variables: { organization: relay.organizationId },
    trigger: { url: `${relay.url}/v1/ws/app`, token: relay.appToken },
  };
  const ofBare = {
    ...{ url: `${url}/graphql`, authorization: null, query: BARE, variables: {} },
    trigger: { url: `${url}/trigger`, token: 'none' },
  };
  const lines: string[][] = [];
  try {
    for (const dashboards of plan.quick ? [100, 1_000] : [10, 100, 1_000, 5_000]) {
      const times: Record<'relay' | 'bare', number[][]> = { relay: [], bare: [] };
      const one = (options: Omit<FanoutOptions, 'dashboards' | 'events'>) =>
        runClient<number[]>('bench/fanout/dashboards.ts', { ...options, dashboards, events });
      for (let run = 0; run < plan.runs; run += 1) {
        times.bare.push(await one(ofBare));
        times.relay.push(await one(ofRelay));
      }
      lines.push(...linesOf(dashboards, times));
    }
  } finally {
    await bare.close();
  }
  return {
    title: 'e. One event to many dashboards',
    target: 'better than bare graphql-ws; 5,000 dashboards < 100 ms',
    head: ['dashboards', 'who', 'last arrival ms', 'p99 ms', 'bare takes'],
    lines,
    notes: [
      `From the app’s send to the last dashboard’s arrival, ${events} events a run. Relay’s figure includes the event’s commit (fsync) and the read for the selection; the bare server keeps the event in memory.`,
      'The dashboards share one process that parses no frames. Relay’s are signed in with one API key.',
    ],
  };
}

function linesOf(dashboards: number, times: Record<'relay' | 'bare', number[][]>): string[][] {
  const ratios = times.bare.map((bare, run) => median(bare) / median(times.relay[run] ?? []));
  return (['relay', 'bare'] as const).map((who) => [
    String(dashboards),
    who === 'relay' ? 'Relay' : 'bare graphql-ws',
    spread(times[who].map(median), 1),
    quantile(times[who].flat(), 0.99).toFixed(1),
    who === 'relay' ? `${median(ratios).toFixed(2)} × Relay’s time` : '',
  ]);
}
