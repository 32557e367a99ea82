import { expect } from 'vitest';
import { Retention } from '../../server/broker/retention.ts';
import { pendingMigrations } from '../../server/database/migrator.ts';
import { eventIdFloor } from '../../server/domain/eventId.ts';
import { createLog } from '../../server/log.ts';
import { TestClock } from '../harness/clock.ts';
import { TestProcess } from '../harness/process.ts';
import type { Owner } from '../harness/seed.ts';
import type { App } from './app.ts';
import { QUICK, fault, passed, until } from './fault.ts';
import { clean } from './ledger.ts';
import { SMALL, useSite } from './site.ts';

const BACKLOG = QUICK ? 10_000 : 100_000;
const THREADS = 200;
const MEMORY_MB = 150;
const NOISE_MS = 50;
const DAY = 86_400_000;
const OLD_DAYS = 60;
const OLD_EVENTS = QUICK ? 20_000 : 200_000;

const site = useSite(SMALL);

/** Events as Relay would have recorded them, `per` of them a millisecond from `at` on. Resolves to their ids. */
async function record(
  app: Owner,
  agent: Owner,
  {
    at,
    count,
    per,
    columns,
    values,
  }: { at: number; count: number; per: number; columns: string; values: string },
): Promise<string[]> {
  const ids = Array.from({ length: count }, (_, n) => idOf(at + Math.floor(n / per), n));
  const insert = `insert into event (id, organization_id, app_id, agent_id, agent_slug, thread_id, origin, payload,
      idempotency_key, accepted_at, attempts, ${columns})
    select id, $2, $3, $4, $5, 't' || (n % ${THREADS}), 'app', '{"n":' || n || '}', 'k' || n, $6, 0, ${values}
    from unnest($1::text[]) with ordinality as t(id, n)`;
  const accepted = new Date(at);
  await site.sql(insert, [ids, site.seed.organizationId, app.id, agent.id, agent.slug, accepted]);
  return ids;
}

function idOf(at: number, n: number): string {
  return `${eventIdFloor(at)}000${n.toString(36).padStart(6, '0')}`;
}

fault(
  'F19',
  `an agent comes back to ${BACKLOG} pending events: order kept, memory bounded`,
  async (figures) => {
    const [owner, answerer] = [await site.seed.app(), await site.seed.agent()];
    await site.relay.kill();
    const what = { at: Date.now() - 60_000, count: BACKLOG, per: 10, columns: 'status', values: `'pending'` };
    const ids = await record(owner, answerer, what);
    await site.start();
    const app = site.app(owner, { extended: true });
    ids.forEach((id, at) => app.accepted.set(`k${at + 1}`, id));
    await until('the app to be connected', () => app.connected);
    const before = site.memory();
    let most = before;
    const watch = setInterval(() => (most = Math.max(most, site.memory())), 200);
    const since = performance.now();
    const agent = site.agent(answerer);
    await until(
      'every outcome',
      () => app.outcomes.size === BACKLOG,
      300_000,
      () => `${app.outcomes.size} came`,
    );
    clearInterval(watch);
    figures['drained'] = `${Math.round((BACKLOG / (performance.now() - since)) * 1_000)}/s`;
    figures['memory'] = `${before} → ${most} MB`;
    expect(most - before).toBeLessThan(MEMORY_MB);
    expect(agent.offers).toHaveLength(BACKLOG);
    await clean(site, figures);
  },
);

fault('F23', 'migrations killed midway, run twice, two at once: the same schema', async (figures) => {
  const env = (url: string) => ({ DATABASE_URL: url, RELAY_SECRET: 'x'.repeat(32) });
  const rounds = QUICK ? 3 : 10;
  for (let round = 0; round < rounds; round += 1) {
    const url = await site.cluster.emptyDatabase();
    const migrate = () => new TestProcess('server/cli.ts', ['migrate'], env(url));
    const killed = migrate();
    await passed(600 + Math.random() * 900);
    await killed.kill('SIGKILL');
    const both = [migrate(), migrate()];
    expect(await Promise.all(both.map(({ ended }) => ended))).toEqual([0, 0]);
    expect(await migrate().ended).toBe(0);
    expect(await pendingMigrations(url)).toEqual([]);
  }
  figures['runs'] = rounds;
});

async function p99(app: App, answerer: Owner, from: number, count: number): Promise<number> {
  const before = app.latencies.length;
  for (let n = from; n < from + count; n += 1) {
    app.ask(answerer, n, 'now');
    await until('the outcome', () => app.latencies.length > before + n - from);
  }
  const sorted = app.latencies.slice(before).sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length * 0.99)] ?? 0;
}

/** A partition of old weeks, full of events that may go, and a few that may not. */
async function oldHistory(owner: Owner, away: Owner): Promise<{ finished: string[]; kept: string[] }> {
  const clock = new TestClock();
  clock.jump(-OLD_DAYS * DAY);
  const then = new Retention({ databaseUrl: site.databaseUrl, days: 0, clock, log: createLog('silent') });
  await then.run();
  await then.close();
  const settled = 'status, settled_at, latency_ms, reply_content, handed_over_at';
  const at = clock.now();
  const shared = { per: 10 };
  const finished = await record(owner, away, {
    ...shared,
    at,
    count: OLD_EVENTS,
    columns: settled,
    values: `'delivered', $6, 1, '"old"', $6`,
  });
  const pending = await record(owner, away, {
    ...shared,
    at: at + DAY,
    count: 50,
    columns: 'status',
    values: `'pending'`,
  });
  const waiting = await record(owner, away, {
    ...shared,
    at: at + 2 * DAY,
    count: 50,
    columns: settled,
    values: `'delivered', now(), 1, '"old"', null`,
  });
  return { finished, kept: [...pending, ...waiting] };
}

fault('F24', 'retention under load, killed midway: unfinished events stay, nobody waits', async (figures) => {
  // The app of the old events stays away, so that its outcomes keep waiting.
  const [oldOwner, owner] = [await site.seed.app(), await site.seed.app()];
  const [away, answerer] = [await site.seed.agent({ queueSeconds: 100_000_000 }), await site.seed.agent()];
  await site.relay.kill();
  const { finished, kept } = await oldHistory(oldOwner, away);
  const left = (ids: string[]) =>
    site.sql('select id from event where id = any($1::text[])', [ids]).then((rows) => rows.length);
  // Relay's own start looks after retention; it is killed before, during and after that.
  const kills = QUICK ? 3 : 8;
  for (let kill = 0; kill < kills; kill += 1) {
    const starting = new TestProcess('server/main.ts', [], site.environment());
    await passed(400 + Math.random() * 800);
    await starting.kill('SIGKILL');
    expect(await left(kept)).toBe(kept.length);
  }
  site.retentionDays('0');
  await site.start();
  const older = await olderHistory(oldOwner, away);
  site.agent(answerer);
  const app = site.app(owner);
  await until('the app to be connected', () => app.connected);
  await p99(app, answerer, 1, 100);
  const before = await p99(app, answerer, 101, 200);
  const shared = { databaseUrl: site.databaseUrl, clock: new TestClock(), log: createLog('silent') };
  const retention = new Retention({ ...shared, days: 30 });
  let over = false;
  const rounds = (async () => {
    while (!over) await retention.run();
  })();
  const during = await p99(app, answerer, 301, 200);
  over = true;
  await rounds;
  await retention.close();
  figures['runs'] = kills;
  figures['dropped'] = finished.length + older.length;
  figures['p99'] = `${before.toFixed(1)} → ${during.toFixed(1)} ms`;
  expect(await left([...finished, ...older])).toBe(0);
  expect(await left(kept)).toBe(kept.length);
  expect(during).toBeLessThan(2 * before + NOISE_MS);
  await app.settled();
  await clean(site, figures);
});

/** What a partition never held: retention deletes it row by row. Whatever the kills left of the other, this is whole. */
async function olderHistory(owner: Owner, away: Owner): Promise<string[]> {
  const values = `'delivered', $6, 1, '"old"', $6`;
  const columns = 'status, settled_at, latency_ms, reply_content, handed_over_at';
  return record(owner, away, {
    at: Date.now() - (OLD_DAYS + 14) * DAY,
    count: OLD_EVENTS,
    per: 10,
    columns,
    values,
  });
}
