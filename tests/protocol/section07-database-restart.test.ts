import { expect, it } from 'vitest';
import type { Ending } from '../faults/cluster.ts';
import { until } from '../faults/fault.ts';
import { clean } from '../faults/ledger.ts';
import { load } from '../faults/load.ts';
import { useSite } from '../faults/site.ts';

const site = useSite();

it('PostgreSQL restarted in every way under load: nothing is accepted meanwhile, nothing lost, and Relay goes on by itself', async () => {
  const [owner, answerer] = [await site.seed.app(), await site.seed.agent()];
  site.agent(answerer);
  const app = site.app(owner);
  const stop = load(app, answerer, { unanswered: 20, unsettled: 60, threads: 10 });
  try {
    await app.reached(30);
    for (const ending of ['fast', 'immediate', 'kill'] satisfies Ending[]) {
      await site.cluster.stop(ending);
      const down = performance.now();
      await until('Relay to know', async () => !(await site.ready()));
      // What was committed before has long arrived.
      expect(app.acceptedAt - down).toBeLessThan(1_000);
      const before = app.accepted.size;
      expect(await site.ready()).toBe(false);
      expect(app.accepted.size).toBe(before);
      const up = performance.now();
      await site.cluster.start();
      await until('an event to be accepted again', () => app.acceptedAt > up);
      await app.reached(app.outcomes.size + 30);
    }
  } finally {
    stop();
  }
  await app.settled();
  await clean(site);
  expect(app.outcomes.size).toBe(stop());
}, 60_000);
