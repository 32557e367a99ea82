import { expect, it } from 'vitest';
import type { Ending } from '../faults/cluster.ts';
import { until } from '../faults/fault.ts';
import { clean } from '../faults/ledger.ts';
import { useSite } from '../faults/site.ts';

const site = useSite();

it('PostgreSQL restarted in every way under load: nothing is accepted meanwhile, nothing lost, and Relay goes on by itself', async () => {
  const [owner, answerer] = [await site.seed.app(), await site.seed.agent()];
  site.agent(answerer);
  const app = site.app(owner);
  let sent = 0;
  const load = setInterval(() => {
    while (app.unanswered < 20 && sent - app.outcomes.size < 60)
      app.ask(answerer, (sent += 1), `t${sent % 10}`);
  }, 5);
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
    clearInterval(load);
  }
  await app.settled();
  await clean(site);
  expect(app.outcomes.size).toBe(sent);
}, 60_000);
