import { expect } from 'vitest';
import { App } from './app.ts';
import { watch } from './dashboard.ts';
import type { Dashboard } from './dashboard.ts';
import { QUICK, fault, passed, setting, until } from './fault.ts';
import { clean } from './ledger.ts';
import { SMALL, useSite } from './site.ts';

const MINUTES = setting('FAULTS_SOAK_MINUTES', QUICK ? 2 : 60);
const SAMPLE_MS = 1_000;
const LIVES = 20;

interface Sample {
  /** Resident, MB. */
  memory: number;
  /** MB in use by JavaScript; its lowest values are what garbage collection leaves. */
  heap: number;
  descriptors: number;
  timers: number;
  sessions: number;
  /** Seconds of processor time that Relay has used. */
  cpu: number;
}

const site = useSite(SMALL);

async function sample(): Promise<Sample> {
  const metrics = await (await fetch(`http://127.0.0.1:${site.port}/metrics`)).text();
  const [row] = await site.sql(
    `select count(*)::int as count from pg_stat_activity where datname = current_database()`,
  );
  return {
    memory: site.memory(),
    heap: Number(/nodejs_heap_size_used_bytes (\d+)/.exec(metrics)?.[1] ?? 0) / 1_048_576,
    descriptors: site.descriptors(),
    timers: Number(/nodejs_active_resources\{type="Timeout"\} (\d+)/.exec(metrics)?.[1] ?? 0),
    sessions: Number(row?.['count']),
    cpu: Number(/process_cpu_seconds_total ([\d.]+)/.exec(metrics)?.[1] ?? 0),
  };
}

/** The soak in quarters: the value that so large a part of each quarter's samples stays below. */
function quarters(samples: Sample[], of: keyof Sample, part: number): number[] {
  const length = Math.floor(samples.length / 4);
  return [0, 1, 2, 3].map((quarter) => {
    const values = samples.slice(quarter * length, (quarter + 1) * length).map((one) => one[of]);
    return Math.round(values.sort((a, b) => a - b)[Math.floor(values.length * part)] ?? 0);
  });
}

fault(
  'F25',
  'a soak with churn: memory, descriptors, timers and database sessions stay flat',
  async (figures) => {
    const [owner, answerer] = [await site.seed.app(), await site.seed.agent()];
    const agents = [1, 2].map(() => site.agent(answerer));
    const app = site.app(owner);
    await until('all to be connected', () => app.connected && agents.every(({ connected }) => connected));
    const calm = site.descriptors();
    const samples: Sample[] = [];
    const end = performance.now() + MINUTES * 60_000;
    let [sent, lives] = [0, 0];
    let passing: App[] = [];
    let dashboard: Dashboard | null = null;
    while (performance.now() < end) {
      for (let n = 0; n < 100; n += 1) app.ask(answerer, (sent += 1), `t${sent % 40}`);
      for (const other of passing) other.stop();
      dashboard?.socket.terminate();
      dashboard = await watch(site);
      passing = Array.from(
        { length: LIVES },
        (_, at) => new App(site.wsUrl, owner, { extended: at % 2 === 0 }),
      );
      lives += LIVES;
      if (lives % (25 * LIVES) === 0) agents[(lives / (25 * LIVES)) % 2]?.drop();
      await passed(SAMPLE_MS);
      samples.push(await sample());
    }
    for (const other of passing) other.stop();
    dashboard?.socket.terminate();
    await app.settled();
    // While lives come and go, how many are open is a matter of the machine's other load; when they are over it is not.
    await until(
      'what is over to be closed',
      () => site.descriptors() <= calm + 10,
      90_000,
      () => `${site.descriptors()} descriptors, ${calm} before`,
    );
    figures['descriptors after'] = `${calm} → ${site.descriptors()}`;
    // The first half warms up: caches fill, and V8 takes what it is allowed before it collects in earnest.
    const grown = (of: keyof Sample, part = 0.5): [number, number] => {
      const values = quarters(samples, of, part);
      figures[of] = values.join(' → ');
      const [, , third = 0, last = 0] = values;
      return [third, last - third];
    };
    figures['runs'] = lives;
    figures['minutes'] = MINUTES;
    figures['processor'] = `${Math.round((100 * (samples.at(-1)?.cpu ?? 0)) / (MINUTES * 60))} %`;
    const [memory, memoryGrown] = grown('memory');
    const [heap, heapGrown] = grown('heap', 0.1);
    grown('descriptors');
    const [, timers] = grown('timers');
    const [, sessions] = grown('sessions');
    expect(memoryGrown).toBeLessThan(0.1 * memory + 10);
    expect(heapGrown).toBeLessThan(0.1 * heap + 5);
    expect(timers).toBeLessThanOrEqual(10);
    expect(sessions).toBeLessThanOrEqual(2);
    await clean(site, figures);
  },
);
