import pg from 'pg';
import { expect } from 'vitest';
import type { App } from './app.ts';
import type { Ending } from './cluster.ts';
import { QUICK, fault, passed, until } from './fault.ts';
import type { Figures } from './fault.ts';
import { clean } from './ledger.ts';
import { load } from './load.ts';
import { useSite } from './site.ts';

const BACK_MS = 5_000;
/** Relay says `UNAVAILABLE` after five seconds without a commit. */
const PATIENCE_MS = 12_000;

const site = useSite();

async function loaded(underWay = 30) {
  const [owner, answerer] = [await site.seed.app(), await site.seed.agent()];
  const agent = site.agent(answerer);
  const app = site.app(owner);
  const stop = load(app, answerer, { unanswered: underWay, unsettled: 4 * underWay, threads: 20 });
  await app.reached(30);
  return { app, agent, answerer, stop };
}

/** Waits until Relay serves without help, and says how long that took. */
async function servesAgain(app: App, since: number, figures: Figures): Promise<void> {
  await until('an event to be accepted again', () => app.acceptedAt > since, 3 * BACK_MS);
  const took = Math.round(app.acceptedAt - since);
  figures['serving again'] =
    `${Math.max(took, Number.parseInt(String(figures['serving again'] ?? 0)))} ms at most`;
  expect(took).toBeLessThan(BACK_MS);
}

async function endsClean(app: App, stop: () => number, figures: Figures): Promise<void> {
  const sent = stop();
  await app.settled();
  await clean(site, figures);
  expect(app.outcomes.size).toBe(sent);
  expect(await site.count(`status = 'failed'`)).toBe(0);
}

fault(
  'F6',
  'PostgreSQL ended in every way: no `accepted` meanwhile, serving again by itself',
  async (figures) => {
    const { app, stop } = await loaded();
    const endings: Ending[] = ['fast', 'immediate', 'kill'];
    for (const ending of endings) {
      await site.cluster.stop(ending);
      const down = performance.now();
      // What was committed before may still be on its way.
      await passed(300);
      const before = app.accepted.size;
      const refused = app.codes.get('UNAVAILABLE') ?? 0;
      await until('UNAVAILABLE', () => (app.codes.get('UNAVAILABLE') ?? 0) > refused, PATIENCE_MS);
      expect(app.accepted.size).toBe(before);
      expect(await site.ready()).toBe(false);
      await site.cluster.start();
      await servesAgain(app, performance.now(), figures);
      figures['longest outage'] = `${Math.round((performance.now() - down) / 1_000)} s`;
      await app.reached(app.outcomes.size + 30);
    }
    figures['runs'] = endings.length;
    await endsClean(app, stop, figures);
  },
);

fault('F7', 'PostgreSQL standing still: bounded memory, no false failure', async (figures) => {
  const { app, stop } = await loaded(2_000);
  const before = site.memory();
  site.cluster.freeze();
  await passed(QUICK ? 15_000 : 60_000);
  const accepted = app.accepted.size;
  expect(app.codes.get('UNAVAILABLE') ?? 0).toBeGreaterThan(0);
  figures['memory'] = `${before} → ${site.memory()} MB`;
  expect(site.memory() - before).toBeLessThan(100);
  site.cluster.thaw();
  await servesAgain(app, performance.now(), figures);
  expect(app.accepted.size).toBeGreaterThan(accepted);
  await endsClean(app, stop, figures);
});

fault('F9', 'no connection to be had: not ready, no crash, recovers', async (figures) => {
  const { app, stop } = await loaded();
  const name = new URL(site.databaseUrl).pathname.slice(1);
  const hogs: pg.Client[] = [];
  const hog = async (): Promise<boolean> => {
    const client = new pg.Client({ connectionString: site.databaseUrl });
    client.on('error', () => undefined);
    const got = await client.connect().then(
      () => true,
      () => false,
    );
    if (got) hogs.push(client);
    return got;
  };
  const ours = async () => hogs.map((client) => (client as unknown as { processID: number }).processID);
  while (await hog());
  const first = hogs[0]!;
  // Whatever Relay holds is taken from it, and taken up before Relay can have it back.
  const deadline = performance.now() + 10_000;
  while (performance.now() < deadline && (await site.ready())) {
    await first.query(
      'select pg_terminate_backend(pid) from pg_stat_activity where datname = $1 and pid <> all($2::int[])',
      [name, await ours()],
    );
    await Promise.all([hog(), hog(), hog(), hog(), hog(), hog(), hog(), hog()]);
    while (await hog());
  }
  expect(await site.ready()).toBe(false);
  figures['connections taken'] = hogs.length;
  await passed(2_000);
  expect(site.relay.child.exitCode).toBeNull();
  await Promise.all(hogs.map((client) => client.end()));
  await servesAgain(app, performance.now(), figures);
  await until('Relay to be ready', () => site.ready());
  await endsClean(app, stop, figures);
});

fault(
  'F10',
  'a database that turned read-only: writes refused as retryable, no status lost',
  async (figures) => {
    const { app, stop } = await loaded();
    const set = (value: string) =>
      site.cluster.administer(
        `alter system set default_transaction_read_only = ${value}`,
        'select pg_reload_conf()',
      );
    await set('on');
    try {
      await until('UNAVAILABLE', () => (app.codes.get('UNAVAILABLE') ?? 0) > 0, PATIENCE_MS);
      const accepted = app.accepted.size;
      await passed(2_000);
      expect(app.accepted.size).toBe(accepted);
    } finally {
      await set('off');
    }
    await servesAgain(app, performance.now(), figures);
    await endsClean(app, stop, figures);
  },
);
