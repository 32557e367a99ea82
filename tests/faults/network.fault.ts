import { expect } from 'vitest';
import { answerTo } from './answer.ts';
import { QUICK, fault, passed, until } from './fault.ts';
import { clean } from './ledger.ts';
import { load } from './load.ts';
import { useSite } from './site.ts';

/** Two heartbeats of 30 s, the second between two looks at them, and what a busy machine needs. */
const NOTICED_MS = 65_000;

const site = useSite();

fault('F13', 'a half-open app is noticed within two heartbeats, and its outcome is kept', async (figures) => {
  const [owner, answerer] = [await site.seed.app(), await site.seed.agent()];
  const agent = site.agent(answerer, { mute: true });
  const wire = await site.proxy();
  const app = site.app(owner, { through: wire });
  await until('both to be connected', () => app.connected && agent.connected);
  app.ask(answerer, 1, 't');
  await until('the offer', () => agent.offers.length === 1);
  const connected = async () =>
    (await site.sql(`select 1 from connection where kind = 'app' and owner_id = $1`, [owner.id])).length;
  await until('it to be shown as connected', async () => (await connected()) === 1);
  wire.silence('up', 'down');
  const since = performance.now();
  agent.send({ type: 'reply', event_id: agent.offers[0]!.eventId, content: answerTo(1) });
  await until('Relay to notice', async () => (await connected()) === 0, NOTICED_MS);
  figures['noticed in'] = `${Math.round((performance.now() - since) / 1_000)} s`;
  wire.speak();
  app.drop();
  await app.settled();
  await clean(site, figures);
});

fault(
  'F14',
  'a half-open agent: its event is re-offered, its late answer does not double',
  async (figures) => {
    const [owner, answerer] = [await site.seed.app(), await site.seed.agent()];
    const wire = await site.proxy();
    const half = site.agent(answerer, { mute: true, extended: true, through: wire });
    const app = site.app(owner);
    await until('both to be connected', () => app.connected && half.connected);
    app.ask(answerer, 1, 't');
    await until('the offer', () => half.offers.length === 1);
    wire.silence('up', 'down');
    const since = performance.now();
    const other = site.agent(answerer);
    await until('the event to be offered again', () => other.offers.length === 1, NOTICED_MS);
    figures['re-offered in'] = `${Math.round((performance.now() - since) / 1_000)} s`;
    expect(other.offers[0]).toMatchObject({ attempt: 2, eventId: half.offers[0]!.eventId });
    await app.settled();
    wire.speak();
    half.drop();
    await until('the half-open agent to come back', () => half.connected);
    half.send({ type: 'reply', event_id: half.offers[0]!.eventId, content: 'late' });
    await until('the late answer to be told', () => half.recorded.size === 1);
    expect([...half.recorded.values()]).toEqual([['duplicate']]);
    expect([...app.outcomes.values()]).toEqual([[answerTo(1)]]);
    await clean(site, figures);
  },
);

fault('F21', 'every connection reset every 3 s: ledger clean', async (figures) => {
  const [owner, answerer] = [await site.seed.app(), await site.seed.agent()];
  const wire = await site.proxy();
  // Lost in mid-answer three times, an event fails by right; answers shorter than the pause between resets do not.
  const agent = site.agent(answerer, { through: wire, pace: 10 });
  const app = site.app(owner, { through: wire });
  const stop = load(app, answerer, { unanswered: 20, unsettled: 60, threads: 20 });
  const rounds = QUICK ? 5 : 60;
  for (let round = 0; round < rounds; round += 1) {
    await passed(3_000);
    wire.reset();
  }
  stop();
  await app.settled();
  figures['runs'] = rounds;
  figures['attempts'] = agent.offers.length;
  await clean(site, figures);
  expect(app.outcomes.size).toBe(stop());
  expect(app.connections).toBeGreaterThan(rounds);
});

fault('F22', 'cut, doubled and garbled bytes harm only the socket they are on', async (figures) => {
  const [owner, bystander, answerer] = [
    await site.seed.app(),
    await site.seed.app(),
    await site.seed.agent(),
  ];
  site.agent(answerer);
  const wire = await site.proxy();
  const victim = site.app(owner, { through: wire });
  const calm = site.app(bystander);
  await until('all to be connected', () => victim.connected && calm.connected);
  const faults = {
    cut: (bytes: Buffer) => [bytes.subarray(0, bytes.length >> 1)],
    doubled: (bytes: Buffer) => [bytes, bytes],
    garbled: (bytes: Buffer) => [bytes.map((byte, at) => (at % 7 === 3 ? byte ^ 0x5a : byte)) as Buffer],
  };
  let n = 0;
  for (const alter of Object.values(faults)) {
    for (let round = 0; round < 5; round += 1) {
      await until('the victim to be back', () => victim.connected);
      wire.garble((bytes, direction) => (direction === 'up' ? alter(bytes) : [bytes]));
      victim.ask(answerer, (n += 1), 'victim');
      calm.ask(answerer, n, 'calm');
      await calm.reached(n);
      wire.clean();
      victim.drop();
    }
  }
  await victim.settled();
  figures['runs'] = n;
  figures['connections of the victim'] = victim.connections;
  expect(calm.connections).toBe(1);
  expect(site.relay.child.exitCode).toBeNull();
  await clean(site, figures);
});
