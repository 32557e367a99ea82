import { expect } from 'vitest';
import { App } from './app.ts';
import { QUICK, fault, passed, setting, until } from './fault.ts';
import { clean } from './ledger.ts';
import { useSite } from './site.ts';

const MINUTES = setting('FAULTS_SOAK_MINUTES', QUICK ? 2 : 60);
const SAMPLE_MS = 1_000;
const LIVES = 20;

interface Sample {
  memory: number;
  descriptors: number;
  timers: number;
  sessions: number;
}

const site = useSite();

async function sample(): Promise<Sample> {
  const metrics = await (await fetch(`http://127.0.0.1:${site.port}/metrics`)).text();
  const [row] = await site.sql(
    `select count(*)::int as count from pg_stat_activity where datname = current_database()`,
  );
  return {
    memory: site.memory(),
    descriptors: site.descriptors(),
    timers: Number(/nodejs_active_resources\{type="Timeout"\} (\d+)/.exec(metrics)?.[1] ?? 0),
    sessions: Number(row?.['count']),
  };
}

function median(samples: Sample[], of: keyof Sample): number {
  const sorted = samples.map((one) => one[of]).sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

fault(
  'F25',
  'a soak with churn: memory, descriptors, timers and database sessions stay flat',
  async (figures) => {
    const [owner, answerer] = [await site.seed.app(), await site.seed.agent()];
    const agents = [1, 2].map(() => site.agent(answerer));
    const app = site.app(owner);
    await until('all to be connected', () => app.connected && agents.every(({ connected }) => connected));
    const samples: Sample[] = [];
    const end = performance.now() + MINUTES * 60_000;
    let [sent, lives] = [0, 0];
    let passing: App[] = [];
    while (performance.now() < end) {
      for (let n = 0; n < 100; n += 1) app.ask(answerer, (sent += 1), `t${sent % 40}`);
      for (const other of passing) other.stop();
      passing = Array.from(
        { length: LIVES },
        () => new App(site.wsUrl, owner, { extended: lives % 2 === 0 }),
      );
      lives += LIVES;
      if (lives % (25 * LIVES) === 0) agents[(lives / (25 * LIVES)) % 2]?.drop();
      await passed(SAMPLE_MS);
      samples.push(await sample());
    }
    for (const other of passing) other.stop();
    await app.settled();
    // The first third warms up.
    const third = Math.floor(samples.length / 3);
    const [early, late] = [samples.slice(third, 2 * third), samples.slice(2 * third)];
    for (const of of ['memory', 'descriptors', 'timers', 'sessions'] as const)
      figures[of] = `${median(early, of)} → ${median(late, of)}`;
    figures['runs'] = lives;
    figures['minutes'] = MINUTES;
    const grown = (of: keyof Sample) => median(late, of) - median(early, of);
    expect(grown('memory')).toBeLessThan(0.1 * median(early, 'memory') + 10);
    expect(grown('descriptors')).toBeLessThanOrEqual(10);
    expect(grown('timers')).toBeLessThanOrEqual(10);
    expect(grown('sessions')).toBeLessThanOrEqual(2);
    await clean(site, figures);
  },
);
