import { expect } from 'vitest';
import { answerTo } from './answer.ts';
import { fault, median, passed, setting, until } from './fault.ts';
import { clean } from './ledger.ts';
import { load } from './load.ts';
import { useSite } from './site.ts';

const KILLS = setting('FAULTS_KILLS', 50);
const UNDER_WAY = 40;
const SERVING_MS = 5_000;

const site = useSite();

fault('F1', 'Relay killed at random moments under load loses and doubles nothing', async (figures) => {
  const [owner, answerer] = [await site.seed.app(), await site.seed.agent()];
  const agent = site.agent(answerer);
  const app = site.app(owner);
  const stop = load(app, answerer, { unanswered: UNDER_WAY, unsettled: 2 * UNDER_WAY, threads: 10 });
  const away: number[] = [];
  try {
    await app.reached(20);
    for (let kill = 0; kill < KILLS; kill += 1) {
      await passed(Math.random() * 400);
      await site.relay.kill();
      const down = performance.now();
      await site.start();
      await until('an event to be accepted', () => app.acceptedAt > down, SERVING_MS * 2);
      away.push(app.acceptedAt - down);
    }
  } finally {
    stop();
  }
  await app.settled();
  figures['runs'] = KILLS;
  figures['serving again'] = `${Math.round(median(away))} ms, ${Math.round(Math.max(...away))} ms at most`;
  await clean(site, figures);
  expect(agent.offers.length).toBeGreaterThanOrEqual(stop());
  expect(app.outcomes.size).toBe(stop());
  expect(Math.max(...away)).toBeLessThan(SERVING_MS);
});

fault('F2', 'killed between commit and `accepted`: the same key finds the same event', async (figures) => {
  const [owner, answerer] = [await site.seed.app(), await site.seed.agent()];
  await site.relay.kill();
  const toDatabase = await site.proxy(() => Number(new URL(site.databaseUrl).port));
  const through = new URL(site.databaseUrl);
  through.port = String(toDatabase.port);
  const app = site.app(owner, { extended: true });
  const rounds = 5;
  for (let n = 1; n <= rounds; n += 1) {
    await site.start(through.href);
    app.ask(answerer, -n, 't');
    await until('Relay to be at work', () => app.accepted.has(`k${-n}`));
    // The commit happens; the news of it does not arrive.
    toDatabase.silence('down');
    app.ask(answerer, n, 't');
    await until('the commit', async () => (await site.count('true')) === 2 * n);
    await site.relay.kill();
    expect(app.accepted.has(`k${n}`)).toBe(false);
    toDatabase.reset();
    toDatabase.speak();
    await site.start();
    await until('the same key to be accepted', () => app.accepted.has(`k${n}`));
    await site.relay.kill();
  }
  expect(app.duplicates).toBe(rounds);
  expect(await site.count('true')).toBe(2 * rounds);
  await site.start();
  site.agent(answerer);
  await app.settled();
  figures['runs'] = rounds;
  await clean(site, figures);
});

fault(
  'F3',
  'an outcome committed before the kill reaches the app on its next connection',
  async (figures) => {
    const [owner, answerer] = [await site.seed.app(), await site.seed.agent()];
    const agent = site.agent(answerer, { mute: true });
    const app = site.app(owner);
    const rounds = 10;
    for (let n = 1; n <= rounds; n += 1) {
      await until('both to be connected', () => app.connected && agent.connected);
      app.ask(answerer, n, 't');
      await until('the offer', () => agent.offers.some((offer) => offer.n === n));
      app.hang();
      const { eventId } = agent.offers.find((offer) => offer.n === n)!;
      agent.send({ type: 'reply', event_id: eventId, content: answerTo(n) });
      await until('the commit', async () => (await site.count(`status = 'delivered'`)) === n);
      await site.relay.kill();
      expect(app.outcomes.has(eventId)).toBe(false);
      app.drop();
      await site.start();
      await app.reached(n);
    }
    figures['runs'] = rounds;
    await clean(site, figures);
  },
);

fault('F4', 'Relay killed in mid-answer: a new attempt, and the reply whole', async (figures) => {
  const [owner, answerer] = [await site.seed.app(), await site.seed.agent()];
  let agent = site.agent(answerer);
  const app = site.app(owner, { extended: true });
  const rounds = 10;
  let anew = 0;
  for (let n = 1; n <= rounds; n += 1) {
    await until('both to be connected', () => app.connected && agent.connected);
    agent.pace = 100;
    app.ask(answerer, n, 't');
    await until('tokens to stream', () => app.streaming > 0);
    await passed(Math.random() * 200);
    await site.relay.kill();
    agent.stop();
    const [connections, duplicates] = [app.connections, app.duplicates];
    await site.start();
    await until('the app to be back', () => app.connections > connections);
    // Tokens end with the connection that asked: whoever wants those of the new attempt asks again with the same key.
    app.ask(answerer, n, 't');
    await until('the key to be known', () => app.duplicates > duplicates);
    agent = site.agent(answerer, { pace: 5 });
    await app.reached(n);
    if (!agent.offers.some((offer) => offer.n === n)) continue;
    anew += 1;
    expect(app.streams.get(app.accepted.get(`k${n}`)!)?.text).toBe(answerTo(n));
  }
  expect(anew).toBeGreaterThan(rounds / 2);
  figures['runs'] = rounds;
  figures['answered anew'] = anew;
  await clean(site, figures);
  expect(await site.count(`status = 'delivered'`)).toBe(rounds);
});

fault('F5', 'SIGTERM under load drains, says so, and ends with 0 within 30 s', async (figures) => {
  const [owner, answerer] = [await site.seed.app(), await site.seed.agent()];
  site.agent(answerer, { pace: 20 });
  const app = site.app(owner, { extended: true });
  const stop = load(app, answerer, { unanswered: UNDER_WAY, unsettled: 10 * UNDER_WAY, threads: 50 });
  try {
    await app.reached(50);
    const asked = performance.now();
    expect(await site.relay.terminate()).toBe(0);
    const took = performance.now() - asked;
    expect(took).toBeLessThan(30_000);
    figures['drained in'] = `${Math.round(took)} ms`;
    await until('the app to see its connection end', () => app.closes.length > 0);
  } finally {
    stop();
  }
  expect(app.notices).toContain('DRAINING');
  expect(app.codes.get('UNAVAILABLE') ?? 0).toBeGreaterThan(0);
  expect(app.closes[0]).toBe(1012);
  await site.start();
  await app.settled();
  await clean(site, figures);
  expect(await site.count(`status = 'delivered'`)).toBe(stop());
});
