import { expect } from 'vitest';
import { Retention } from '../../server/broker/retention.ts';
import { createLog } from '../../server/log.ts';
import { TestClock } from '../harness/clock.ts';
import { TestProcess } from '../harness/process.ts';
import type { Owner } from '../harness/seed.ts';
import { QUICK, fault, passed, percentile, until } from './fault.ts';
import { record } from './history.ts';
import { clean } from './ledger.ts';
import { medianRatio, steadily } from './load.ts';
import { useSite } from './site.ts';

const DAY = 86_400_000;
const WEEK = 7 * DAY;
const KEPT_DAYS = 30;
const KILLS = QUICK ? 3 : 8;
/** How often a stretch with retention is compared with one without. */
const PAIRS = QUICK ? 3 : 7;
/** Events of a week that is dropped as a whole, of one that is deleted in small steps, and of one among the kills. */
const IN_PARTITION = QUICK ? 40_000 : 100_000;
const BY_ROWS = QUICK ? 10_000 : 40_000;
const AMONG_KILLS = 10_000;
/** Events a second. */
const RATE = 200;
const FIRST_STRETCH_MS = QUICK ? 4_000 : 8_000;

const site = useSite({ RELAY_RETENTION_DAYS: '0' });

/** The events of a week long ago: most may go, a few may not. */
interface OldWeek {
  finished: string[];
  kept: string[];
}

interface Kind {
  weeksAgo: number;
  count: number;
  /** Whether the week has a partition, which can be dropped, or its events have to be deleted. */
  partitioned: boolean;
}

async function oldWeek(app: Owner, agent: Owner, { weeksAgo, count, partitioned }: Kind): Promise<OldWeek> {
  const at = (Math.floor(Date.now() / WEEK) - weeksAgo) * WEEK + DAY;
  if (partitioned) await partition(at);
  const few = 25;
  const [finished, pending, waiting] = [
    await record(site, app, agent, { at, count, standing: 'finished' }),
    await record(site, app, agent, { at: at + DAY, count: few }),
    await record(site, app, agent, { at: at + 2 * DAY, count: few, standing: 'waiting' }),
  ];
  return { finished, kept: [...pending, ...waiting] };
}

/** As Relay would have made it when it was time. */
async function partition(at: number): Promise<void> {
  const clock = new TestClock();
  clock.jump(at - Date.now());
  const then = new Retention({ databaseUrl: site.databaseUrl, days: 0, clock, log: createLog('silent') });
  await then.prepare();
  await then.close();
}

async function left(ids: string[]): Promise<number> {
  const [row] = await site.sql('select count(*)::int as count from event where id = any($1::text[])', [ids]);
  return Number(row?.['count']);
}

fault('F24', 'retention under load, killed midway: unfinished events stay, nobody waits', async (figures) => {
  // The app of the old events stays away, so that its outcomes keep waiting.
  const [oldOwner, owner] = [await site.seed.app(), await site.seed.app()];
  const [away, answerer] = [await site.seed.agent({ queueSeconds: 100_000_000 }), await site.seed.agent()];
  await site.relay.kill();
  const weeks: OldWeek[] = [];
  const kept = () => weeks.flatMap((week) => week.kept);
  // Relay looks after retention once it serves; it is killed before, during and after each step of that.
  for (let kill = 0; kill < KILLS; kill += 1) {
    const half = { weeksAgo: 10 + kill, count: AMONG_KILLS, partitioned: kill % 2 === 0 };
    weeks.push(await oldWeek(oldOwner, away, half));
    const starting = new TestProcess('server/main.ts', [], {
      ...site.environment(),
      RELAY_RETENTION_DAYS: String(KEPT_DAYS),
    });
    await starting.url();
    await passed(Math.random() * 400);
    await starting.kill('SIGKILL');
    expect(await left(kept())).toBe(kept().length);
  }
  figures['runs'] = KILLS;
  await site.start();
  site.agent(answerer);
  const app = site.app(owner);
  await until('the app to be connected', () => app.connected);
  await steadily(app, answerer, RATE, passed(FIRST_STRETCH_MS / 2));
  const [without, during, longest]: [number[], number[], number[]] = [[], [], []];
  let stretch = FIRST_STRETCH_MS;
  for (let pair = 0; pair < PAIRS; pair += 1) {
    const dropped = { weeksAgo: 30 + 2 * pair, count: IN_PARTITION, partitioned: true };
    const deleted = { weeksAgo: 31 + 2 * pair, count: BY_ROWS, partitioned: false };
    for (const kind of [dropped, deleted]) weeks.push(await oldWeek(oldOwner, away, kind));
    // What filling the history cost is not to be paid by either.
    await site.cluster.administer('checkpoint');
    without.push(percentile(await steadily(app, answerer, RATE, passed(stretch)), 0.99));
    const began = performance.now();
    const shared = { databaseUrl: site.databaseUrl, clock: new TestClock(), log: createLog('silent') };
    const retention = new Retention({ ...shared, days: KEPT_DAYS });
    const times = await steadily(app, answerer, RATE, retention.run());
    stretch = performance.now() - began;
    await retention.close();
    during.push(percentile(times, 0.99));
    longest.push(Math.max(...times));
    expect(await left(weeks.flatMap(({ finished }) => finished))).toBe(0);
    expect(await left(kept())).toBe(kept().length);
  }
  const list = (values: number[]) => values.map((value) => value.toFixed(0)).join(' ');
  figures['gone'] = weeks.flatMap(({ finished }) => finished).length;
  figures['p99 without'] = `${list(without)} ms`;
  figures['with'] = `${list(during)} ms`;
  figures['longest'] = `${list(longest)} ms`;
  const ratio = medianRatio(during, without);
  figures['median ratio'] = ratio.toFixed(2);
  expect(ratio).toBeLessThan(2);
  await clean(site, figures);
});
