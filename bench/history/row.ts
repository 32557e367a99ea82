import { graphql } from '../../examples/demo/graphql.ts';
import { eventColumns } from '../../server/domain/eventRow.ts';
import { eventIdFloor } from '../../server/domain/eventId.ts';
import { EVERY } from '../../server/domain/stats.ts';
import type { Plan } from '../options.ts';
import type { RelaySubject } from '../relay.ts';
import type { Table } from '../report.ts';
import { quantile } from '../statistics.ts';
import { seedHistory } from './seed.ts';

const DAY_MS = 86_400_000;
const PAGE = `{ edges { cursor node { eventId threadId status latencyMs acceptedAt app { name } agent { name } error { code } } } pageInfo { hasNextPage } }`;

interface Look {
  name: string;
  query: string;
  variables: Record<string, unknown>;
  sql: string;
  parameters: unknown[];
}

/** Row d: looking at a long history. */
export async function longHistory(relay: RelaySubject, plan: Plan): Promise<Table> {
  await seedHistory(relay.db, plan.seed);
  return measureHistory(relay, plan);
}

async function measureHistory(relay: RelaySubject, plan: Plan): Promise<Table> {
  const lines: string[][] = [];
  for (const look of await looks(relay)) lines.push(await measure(relay, look, plan.quick ? 10 : 100));
  return {
    title: `d. History of ${plan.seed.toLocaleString('en')} events through GraphQL`,
    target:
      'p99 < 25 ms, the same at a million and at ten million events; a fixed number of queries for each request',
    head: ['what', 'GraphQL p50 ms', 'p99 ms', 'same SQL p50 ms', 'p99 ms', 'scans'],
    lines,
    notes: [
      'One request after the other over HTTP, each authenticated by an API key. Pages have 25 events with app, agent and error.',
      'Scans: what EXPLAIN shows for the SQL. That a request makes the same number of queries for many rows as for one is a test of its own (tests/graphql/queries.test.ts).',
    ],
  };
}

async function looks(relay: RelaySubject): Promise<Look[]> {
  const { rows } = await relay.db.query<{
    org: string;
    agent: string;
    id: string;
    thread: string;
    global: string;
  }>(
    `select organization_id as org, agent_id as agent, id, thread_id as thread from event order by id desc offset 5000 limit 1`,
  );
  const one = rows[0];
  if (!one) throw new Error('the history is empty');
  const agent = Buffer.from(`Agent:${one.agent}`).toString('base64');
  const from = new Date(Date.now() - 3 * DAY_MS);
  const to = new Date(Date.now() - 2 * DAY_MS);
  const page = `query ($filter: EventFilter, $after: String) { organization(slug: "bench") { events(first: 25, filter: $filter, after: $after) ${PAGE} } }`;
  const sql = (more: string) =>
    `select ${eventColumns} from event e where e.organization_id = $1 ${more} order by e.id desc limit 26`;
  const after = await cursorAt(relay, page, 199);
  const [floor, ceiling] = [eventIdFloor(from.getTime()), eventIdFloor(to.getTime())];
  return [
    { name: 'first page', query: page, variables: {}, sql: sql(''), parameters: [one.org] },
    {
      name: 'page 200',
      query: page,
      variables: { after },
      sql: sql('and e.id < $2'),
      parameters: [one.org, one.id],
    },
    {
      name: 'failed, one agent, one day',
      query: page,
      variables: { filter: { status: ['FAILED'], agentId: agent, from, to } },
      sql: sql(
        `and e.agent_id = $2 and e.status = any($3::text[]) and e.error_code is not null and e.id >= $4 and e.id < $5`,
      ),
      parameters: [one.org, one.agent, ['failed'], floor, ceiling],
    },
    {
      name: 'one thread',
      query: page,
      variables: { filter: { threadId: one.thread } },
      sql: sql('and e.thread_id = $2'),
      parameters: [one.org, one.thread],
    },
    {
      name: 'by id',
      query: `query ($id: ID!) { event(id: $id) { eventId status payload reply timeline { at } } }`,
      variables: { id: one.id },
      sql: `select * from event where id = $1`,
      parameters: [one.id],
    },
    {
      name: 'success rate of 24 h',
      query: `{ organization(slug: "bench") { stats(range: DAY) { successRate } } }`,
      variables: {},
      sql: `select status, sum(count) from (
          select status, count from tally where organization_id = $1 and app_id = $3 and agent_id = $3 and at >= $2
          union all select status, count from rollup where organization_id = $1 and minute >= $2
        ) counted group by 1`,
      parameters: [one.org, new Date(Date.now() - DAY_MS), EVERY],
    },
  ];
}

interface Paged {
  organization: { events: { edges: { cursor: string }[] } };
}

/** Walks to the end of page `pages`, four pages of the list at a time. */
async function cursorAt(relay: RelaySubject, page: string, pages: number): Promise<string | undefined> {
  let after: string | undefined;
  for (let left = pages * 25; left > 0; left -= 100) {
    const query = page.replace('first: 25', `first: ${Math.min(100, left)}`);
    const { organization } = await graphql<Paged>(relay.http, relay.key, query, { after });
    after = organization.events.edges.at(-1)?.cursor;
  }
  return after;
}

async function measure(relay: RelaySubject, look: Look, times: number): Promise<string[]> {
  const { query, variables, sql, parameters } = look;
  const ask = () => graphql(relay.http, relay.key, query, variables);
  await timed(ask, 5);
  const api = await timed(ask, times);
  const hand = await timed(() => relay.db.query({ name: look.name, text: sql, values: parameters }), times);
  const show = (values: number[]) => [quantile(values, 0.5).toFixed(2), quantile(values, 0.99).toFixed(2)];
  const scans = await scansOf(relay, sql, parameters);
  return [look.name, ...show(api), ...show(hand), scans];
}

async function timed(ask: () => Promise<unknown>, times: number): Promise<number[]> {
  const taken: number[] = [];
  for (let n = 0; n < times; n += 1) {
    const started = performance.now();
    await ask();
    taken.push(performance.now() - started);
  }
  return taken;
}

interface PlanNode {
  'Node Type': string;
  Plans?: PlanNode[];
  'Relation Name'?: string;
}

async function scansOf(relay: RelaySubject, sql: string, parameters: unknown[]): Promise<string> {
  const { rows } = await relay.db.query<{ 'QUERY PLAN': { Plan: PlanNode }[] }>(
    `explain (analyze, format json) ${sql}`,
    parameters,
  );
  const found = new Set<string>();
  const walk = (node: PlanNode) => {
    const table = node['Relation Name'] ?? '';
    if (node['Node Type'].endsWith('Scan') && /^(event|rollup|tally)/.test(table))
      found.add(node['Node Type']);
    node.Plans?.forEach(walk);
  };
  for (const { Plan: plan } of rows[0]?.['QUERY PLAN'] ?? []) walk(plan);
  return [...found].join(', ');
}
