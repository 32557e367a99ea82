import { expect } from 'vitest';
import { pendingMigrations } from '../../server/database/migrator.ts';
import { TestProcess } from '../harness/process.ts';
import { QUICK, fault, passed, until } from './fault.ts';
import { record } from './history.ts';
import { clean } from './ledger.ts';
import { SMALL, useSite } from './site.ts';

const BACKLOG = QUICK ? 10_000 : 100_000;
const MEMORY_MB = 150;

const site = useSite(SMALL);

fault(
  'F19',
  `an agent comes back to ${BACKLOG} pending events: order kept, memory bounded`,
  async (figures) => {
    const [owner, answerer] = [await site.seed.app(), await site.seed.agent()];
    await site.relay.kill();
    const ids = await record(site, owner, answerer, { at: Date.now() - 60_000, count: BACKLOG });
    await site.start();
    const app = site.app(owner, { extended: true });
    for (const [at, id] of ids.entries()) {
      app.sent.add(`k${at + 1}`);
      app.accepted.set(`k${at + 1}`, id);
    }
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
  let cutShort = 0;
  for (let round = 0; round < rounds; round += 1) {
    const url = await site.cluster.emptyDatabase();
    const migrate = () => new TestProcess('server/cli.ts', ['migrate'], env(url));
    const killed = migrate();
    await until('migrations to be under way', () => underWay(url));
    await passed(Math.random() * 400);
    await killed.kill('SIGKILL');
    if ((await pendingMigrations(url)).length > 0) cutShort += 1;
    const both = [migrate(), migrate()];
    expect(await Promise.all(both.map(({ ended }) => ended))).toEqual([0, 0]);
    expect(await migrate().ended).toBe(0);
    expect(await pendingMigrations(url)).toEqual([]);
  }
  figures['runs'] = rounds;
  figures['cut short'] = cutShort;
  expect(cutShort).toBeGreaterThan(0);
});

/** Whether somebody is connected to migrate this database. */
async function underWay(url: string): Promise<boolean> {
  const name = new URL(url).pathname.slice(1);
  const who = `select 1 from pg_stat_activity where datname = $1 and application_name = 'relay migrations'`;
  return (await site.sql(who, [name])).length > 0;
}
