import { expect } from 'vitest';
import { connect } from '../harness/client.ts';
import type { Client } from '../harness/client.ts';
import { Room } from '../harness/room.ts';
import { Seed } from '../harness/seed.ts';
import type { Owner } from '../harness/seed.ts';
import { startTestRelay } from '../harness/server.ts';
import type { Agent } from './agent.ts';
import { answerTo } from './answer.ts';
import type { App } from './app.ts';
import { watch } from './dashboard.ts';
import { QUICK, fault, median, percentile, until } from './fault.ts';
import { clean } from './ledger.ts';
import { NOISE_MS } from './load.ts';
import { SMALL, useSite } from './site.ts';

const MEMORY_MB = 100;
const TORRENT = 'x'.repeat(32 * 1024);

const site = useSite(SMALL);

fault(
  'F15',
  'an agent that answers twice, and one in two instances: the first answer wins',
  async (figures) => {
    const [owner, answerer] = [await site.seed.app(), await site.seed.agent()];
    const agents = [1, 2].map(() => site.agent(answerer, { mute: true, extended: true }));
    const app = site.app(owner);
    await until('all to be connected', () => app.connected && agents.every((agent) => agent.connected));
    const rounds = 20;
    for (let n = 1; n <= rounds; n += 1) app.ask(answerer, n, `t${n}`);
    await until('every offer', () => agents.flatMap(({ offers }) => offers).length === rounds);
    for (const { eventId, n } of agents.flatMap(({ offers }) => offers)) {
      // Once from each instance, and once more.
      for (const agent of [...agents, agents[0]!])
        agent.send({ type: 'reply', event_id: eventId, content: answerTo(n) });
    }
    await app.settled();
    // And once more, when it is over, something else.
    for (const eventId of app.accepted.values())
      for (const agent of agents) agent.send({ type: 'reply', event_id: eventId, content: 'another' });
    const told = () => agents.flatMap(({ recorded }) => [...recorded.values()].flat());
    await until('every answer to be told', () => told().length === 5 * rounds);
    expect(told().filter((status) => status === 'delivered')).toHaveLength(rounds);
    expect(told().filter((status) => status === 'duplicate')).toHaveLength(4 * rounds);
    const steps = () => site.sql(`select 1 from event_step where kind = 'duplicate_outcome'`);
    await until('the timelines', async () => (await steps()).length === 4 * rounds);
    figures['runs'] = rounds;
    await clean(site, figures);
  },
);

fault(
  'F16',
  'an agent that dies in mid-answer: the next attempt goes to its other instance',
  async (figures) => {
    const [owner, answerer] = [await site.seed.app(), await site.seed.agent()];
    const app = site.app(owner, { extended: true });
    const rounds = 10;
    for (let n = 1; n <= rounds; n += 1) {
      const pair = [1, 2].map(() => site.agent(answerer, { pace: 40 }));
      await until('all to be connected', () => app.connected && pair.every((agent) => agent.connected));
      app.ask(answerer, n, `t${n}`);
      const holder = () => pair.find(({ offers }) => offers.length > 0);
      await until('tokens to stream', () => holder() !== undefined && app.streaming > 0);
      holder()!.stop();
      await app.reached(n);
      const other = pair.find((agent) => agent !== holder() || agent.connected) as Agent;
      expect(other.offers.map(({ attempt }) => attempt)).toEqual([2]);
      other.stop();
    }
    expect(app.restarts).toBe(rounds);
    figures['runs'] = rounds;
    await clean(site, figures);
  },
);

/** Asks one after the other; resolves to the 99th percentile of the time from event to outcome, ms. */
async function p99(app: App, answerer: Owner, count: number): Promise<number> {
  const [before, first] = [app.latencies.length, app.sent.size];
  for (let n = 1; n <= count; n += 1) {
    app.ask(answerer, first + n, 'calm');
    await until('the outcome', () => app.latencies.length === before + n);
  }
  return percentile(app.latencies.slice(before), 0.99);
}

fault(
  'F17',
  'an app that reads 1 KB/s: memory bounded, others as fast as ever, outcome kept',
  async (figures) => {
    const [slowOwner, calmOwner] = [await site.seed.app(), await site.seed.app()];
    const [fast, answerer] = [await site.seed.agent(), await site.seed.agent()];
    const torrent = await connect(`${site.wsUrl()}/v1/ws/agent`, { token: fast.token });
    site.agent(answerer);
    const calm = site.app(calmOwner);
    await until('the calm app to be connected', () => calm.connected);
    await p99(calm, answerer, 300);
    const memory = site.memory();
    let most = memory;
    const looking = setInterval(() => (most = Math.max(most, site.memory())), 10);
    const [before, beside]: [number[], number[]] = [[], []];
    const rounds = 5;
    try {
      for (let round = 0; round < rounds; round += 1) {
        const wire = await site.proxy();
        const slow = await connect(`ws://127.0.0.1:${wire.port}/v1/ws/app`, { token: slowOwner.token });
        const event_id = await begin(slow, fast);
        await torrent.find('event');
        const pour = setInterval(() => torrent.send({ type: 'token', event_id, token: TORRENT }), 10);
        try {
          // The same torrent both times: what is compared is an app that reads it with one that does not.
          before.push(await p99(calm, answerer, 300));
          wire.slow(1_024);
          beside.push(await p99(calm, answerer, 300));
          await until(
            'the slow app to be cut off',
            async () => (await connectionsOf(slowOwner)) === 0,
            60_000,
          );
        } finally {
          clearInterval(pour);
        }
        torrent.send({ type: 'reply', event_id, content: 'the whole' });
        const back = await connect(`${site.wsUrl()}/v1/ws/app`, { token: slowOwner.token });
        expect((await back.find('reply')).body).toMatchObject({ event_id, reply: 'the whole' });
        await back.close();
      }
    } finally {
      clearInterval(looking);
    }
    const list = (values: number[]) => values.map((value) => value.toFixed(0)).join(' ');
    figures['runs'] = rounds;
    figures['memory'] = `${memory} → ${most} MB`;
    figures['p99 of others'] = `${list(before)} → ${list(beside)} ms`;
    figures['ratio of medians'] = (median(beside) / median(before)).toFixed(2);
    expect(most - memory).toBeLessThan(MEMORY_MB);
    expect(median(beside)).toBeLessThan(2 * median(before) + NOISE_MS);
    await clean(site, figures);
  },
);

async function begin(app: Client, agent: Owner): Promise<string> {
  app.send({ type: 'event', agent_id: agent.slug, thread_id: 't', payload: {} });
  return (await app.find('accepted')).body.event_id;
}

async function connectionsOf(owner: Owner): Promise<number> {
  return (await site.sql('select 1 from connection where owner_id = $1', [owner.id])).length;
}

fault('F18', 'a dashboard that stops reading: closed or coalesced, memory flat', async (figures) => {
  const [owner, answerer] = [await site.seed.app(), await site.seed.agent()];
  site.agent(answerer);
  const app = site.app(owner);
  await until('the app to be connected', () => app.connected);
  const dashboards = await Promise.all(Array.from({ length: 5 }, () => watch(site)));
  let n = 0;
  const run = async (count: number) => {
    const end = n + count;
    while (n < end) {
      for (let more = Math.min(200, end - n); more > 0; more -= 1) app.ask(answerer, (n += 1), `t${n % 50}`);
      await app.settled();
    }
  };
  /** The 99th percentile over a thousand events, as the median of so many thousands. */
  const p99 = async (thousands: number) => {
    const each: number[] = [];
    for (let thousand = 0; thousand < thousands; thousand += 1) {
      const from = app.latencies.length;
      await run(1_000);
      each.push(percentile(app.latencies.slice(from), 0.99));
    }
    return median(each);
  };
  await run(1_000);
  const reading = await p99(3);
  expect(dashboards.every(({ received }) => received() > 0)).toBe(true);
  for (const { socket } of dashboards) (socket as unknown as { _socket: { pause(): void } })._socket.pause();
  await run(1_000);
  const before = site.memory();
  const beside = await p99(QUICK ? 3 : 20);
  figures['memory'] = `${before} → ${site.memory()} MB`;
  figures['p99'] = `${reading.toFixed(0)} → ${beside.toFixed(0)} ms`;
  expect(site.memory() - before).toBeLessThan(MEMORY_MB);
  expect(beside).toBeLessThan(2 * reading);
  for (const { socket } of dashboards) socket.terminate();
  await clean(site, figures);
});

fault(
  'F20',
  'a clock that jumps two hours either way: a token always works, no deadline is false',
  async (figures) => {
    const room = new Room();
    await site.relay.kill();
    room.relay = await startTestRelay({
      databaseUrl: site.databaseUrl,
      config: { databaseUrl: site.databaseUrl },
      clock: room.clock,
    });
    try {
      for (const hours of [2, -2, -2, 2]) {
        // An organisation of its own: Relay hears of new apps and agents by its API, which the seed goes round.
        room.seed = await Seed.create((text, values) => site.sql(text, values));
        const { app, agent, from, to, ask } = await room.pair();
        const flying = await ask();
        await to.find('event');
        const input = { id: app.globalId, graceSeconds: 3_600 };
        const { token } = await room.mutate<{ token: string }>('rotateAppToken', input, 'token');
        room.clock.jump(hours * 3_600_000);
        await (await room.connect({ ...app, token })).close();
        to.send({ type: 'reply', event_id: flying.event_id, content: 'in time' });
        const after = await room.connect({ ...app, token }, { protocols: ['relay.v1'] });
        // Which of the two gets it depends on whether the old token's grace still lasts.
        const answered = (client: Client) => client.frames.some(({ body }) => body.reply === 'in time');
        await until('the outcome', () => answered(from) || answered(after));
        const next = eventOf(agent);
        after.send(next);
        const { event_id } = (await after.find('accepted')).body;
        await to.find('event', { event_id });
        to.send({ type: 'reply', event_id, content: 'after' });
        expect((await after.find('reply', { event_id })).body.reply).toBe('after');
        await Promise.all([from.kill(), to.kill(), after.kill()]);
      }
      expect(await site.count(`status <> 'delivered'`)).toBe(0);
      expect(await site.count('latency_ms < 0')).toBe(0);
      figures['runs'] = 4;
      await clean(site, figures);
    } finally {
      await room.relay.close();
    }
  },
);

function eventOf(agent: Owner): object {
  return { type: 'event', agent_id: agent.slug, thread_id: 'after', payload: { n: 2 } };
}

fault('F27', 'a key with another payload is refused and its first event untouched', async (figures) => {
  const [owner, answerer] = [await site.seed.app(), await site.seed.agent()];
  const app = await connect(`${site.wsUrl()}/v1/ws/app`, { token: owner.token });
  const event = { ...eventOf(answerer), idempotency_key: 'k' };
  app.send(event);
  const { event_id } = (await app.next('accepted')).body;
  const [before] = await site.sql('select * from event');
  app.send({ ...event, payload: { n: 3 } });
  expect((await app.next('error')).body).toMatchObject({ code: 'INVALID_MESSAGE', retryable: false });
  expect(await site.sql('select * from event')).toEqual([before]);
  app.send(event);
  expect((await app.next('accepted')).body).toMatchObject({ event_id, duplicate: true });
  await clean(site, figures);
});
