import { afterEach, describe, expect, test } from 'vitest';
import { lockedTable } from '../harness/outage.ts';
import { useRelay } from '../harness/room.ts';
import type { Seed } from '../harness/seed.ts';
import type { Person } from './api.ts';
import { globalId, nobody, organizationId, otherOrganization, script, signedIn } from './api.ts';
import { closeWatches, Watch } from './live.ts';

const room = useRelay({ printCodes: true });
afterEach(closeWatches);

/** Connections that people's reads share, and how many of them one organization has at once. */
const READERS = 4;
const SHARE = 2;
const EVENTS = 'subscription E($o: ID!) { eventChanged(organizationId: $o) { ready event { eventId } } }';
const PROGRESS = 'subscription P($e: ID!) { eventProgress(eventId: $e) { append done } }';
const LISTS = `query L($s: String!) { organization(slug: $s) {
  apps { edges { cursor } } events { edges { cursor } } members { edges { cursor } } } }`;

/** As many reads of a locked table as an organization likes, more than there are connections; they wait for its end. */
function crowd(seed: Seed, read: string): Promise<unknown> {
  const reads = Array.from({ length: 12 }, (_, n) => `a${n}: ${read}`).join(' ');
  const document = `query C($s: String!) { organization(slug: $s) { ${reads} } }`;
  return Promise.all([1, 2, 3].map(() => script(room, seed).ask(document, { s: seed.slug })));
}

const CHART = 'query S($s: String!) { organization(slug: $s) { stats(range: DAY) { delivered } } }';
/** As many reads as the organization has at once; while their table is locked, none of its others gets its turn. */
const charts = () => Array.from({ length: SHARE }, () => script(room).ask(CHART, { s: room.seed.slug }));

/** What comes of something, while so much time passes that nobody waits for a turn any longer. */
async function inTime<T>(asked: Promise<T>): Promise<T> {
  let over = false;
  void asked.catch(() => undefined).finally(() => (over = true));
  await expect.poll(() => (room.clock.advance(500), over)).toBe(true);
  return asked;
}

const WAITING = `select count(*)::int as count from pg_stat_activity
  where datname = current_database() and application_name = 'relay' and wait_event_type = 'Lock'`;
const waiting = async () => Number((await room.relay.sql(WAITING))[0]!['count']);

async function membershipOf({ userId }: Person): Promise<string> {
  const [row] = await room.relay.sql('select id from membership where user_id = $1', [userId]);
  return globalId('Membership', String(row!['id']));
}

/** Lets a member watch, so that the end of it can be told. */
async function watchedMember() {
  const member = await signedIn(room, 'member');
  const id = await membershipOf(member);
  const watch = new Watch(member, EVENTS, { o: organizationId(room.seed) });
  await watch.next();
  return { id, watch, email: member.email };
}

/** Somebody asks for a code, and an owner removes the member, who is told within the promised second. */
async function signInAndRemove(
  owner: Person,
  { id, watch, email }: Awaited<ReturnType<typeof watchedMember>>,
) {
  const begun = performance.now();
  const code = await nobody(room).mutate('requestLoginCode', { email });
  expect(code.__typename).toBe('RequestLoginCodeSuccess');
  // A connection that is waited for in vain takes longer than this.
  expect(performance.now() - begun).toBeLessThan(4_000);
  const removing = performance.now();
  expect((await owner.mutate('removeMember', { id })).__typename).toBe('RemoveMemberSuccess');
  expect((await watch.closed).code).toBe(4403);
  expect(performance.now() - removing).toBeLessThan(2_000);
}

describe('who has the database busy', () => {
  test.each([
    ['charts', 'rollup', 'stats(range: DAY) { delivered }'],
    ['searches of agents', 'agent', 'agents(search: "a") { edges { cursor } }'],
    ['what needs attention', 'agent_token', 'attention { kind }'],
  ])('with %s holds up none of the others: not their reads, sign-ins, changes or rights', async (...args) => {
    const [, table, read] = args;
    const [noisy, owner] = [await otherOrganization(room), await signedIn(room, 'owner')];
    const member = await watchedMember();
    let crowded = true;
    let ended: Promise<unknown> = Promise.resolve();
    await lockedTable(room.relay.databaseUrl, table, async () => {
      ended = crowd(noisy, read).then(() => (crowded = false));
      await expect.poll(waiting).toBeGreaterThanOrEqual(SHARE);
      expect((await script(room).ask(LISTS, { s: room.seed.slug })).errors).toEqual([]);
      await signInAndRemove(owner, member);
      expect(crowded).toBe(true);
    });
    await ended;
  });

  test('together with others, so that all reads wait, holds up neither sign-ins nor changes nor rights', async () => {
    const noisy = [await otherOrganization(room), await otherOrganization(room)];
    const owner = await signedIn(room, 'owner');
    const member = await watchedMember();
    let ended: Promise<unknown> = Promise.resolve();
    await lockedTable(room.relay.databaseUrl, 'rollup', async () => {
      ended = Promise.all(noisy.map((seed) => crowd(seed, 'stats(range: DAY) { delivered }')));
      await expect.poll(waiting).toBe(READERS);
      await signInAndRemove(owner, member);
    });
    await ended;
  });

  test('is told so when its turn does not come', async () => {
    const ask = () => script(room).ask(CHART, { s: room.seed.slug });
    let asked: Promise<unknown>[] = [];
    await lockedTable(room.relay.databaseUrl, 'rollup', async () => {
      asked = charts();
      await expect.poll(waiting).toBe(SHARE);
      const extensions = { code: 'OVERLOADED', retryAfterSeconds: 1 };
      expect((await inTime(ask())).errors).toMatchObject([{ extensions }]);
    });
    await Promise.all(asked);
    expect((await ask()).errors).toEqual([]);
  });

  test('together with others, so that all reads wait, ends no subscription to what happens to events', async () => {
    const noisy = [await otherOrganization(room), await otherOrganization(room)];
    const pair = await room.pair();
    const { event_id } = await pair.ask();
    await pair.to.find('event', { event_id });
    const all = new Watch(script(room), EVENTS, { o: organizationId(room.seed) });
    const one = new Watch(script(room), PROGRESS, { e: event_id });
    for (const watch of [all, one]) await watch.next();
    let ended: Promise<unknown> = Promise.resolve();
    // A table that charts are read from and no outcome is written to.
    await lockedTable(room.relay.databaseUrl, 'tally', async () => {
      ended = Promise.all(noisy.map((seed) => crowd(seed, 'stats(range: DAY) { delivered }')));
      await expect.poll(waiting).toBe(READERS);
      pair.to.send({ type: 'reply', event_id, content: 'yes' });
      await inTime(all.until(({ eventChanged }) => eventChanged.event.eventId === event_id));
      await inTime(one.until(({ eventProgress }) => eventProgress.done));
    });
    await ended;
  });
});

describe('whoever watches what has to be read in turn', () => {
  const TEXT = `subscription T($o: ID!) { eventChanged(organizationId: $o, filter: { text: "needle" }) {
    ready event { eventId status } } }`;
  const BODIES = `subscription B($o: ID!) { eventChanged(organizationId: $o) {
    ready event { eventId status payload timeline { kind } } } }`;
  const CONNECTIONS = `subscription C($a: ID!) { appConnectionChanged(appId: $a) {
    connection { connected } tokens { state } } }`;

  /** What has been told of one event, in its order. */
  const told = (watch: Watch, eventId: string): string[] =>
    watch.items.flatMap(({ eventChanged }) =>
      eventChanged?.event?.eventId === eventId ? [eventChanged.event.status] : [],
    );

  test('is told it later when others have all reads wait, and misses nothing', async () => {
    const noisy = [await otherOrganization(room), await otherOrganization(room)];
    const pair = await room.pair();
    const o = organizationId(room.seed);
    const [texts, bodies] = [new Watch(script(room), TEXT, { o }), new Watch(script(room), BODIES, { o })];
    const connections = new Watch(script(room), CONNECTIONS, { a: pair.app.globalId });
    for (const watch of [texts, bodies, connections]) await watch.next();
    let ended: Promise<unknown> = Promise.resolve();
    let event_id = '';
    await lockedTable(room.relay.databaseUrl, 'tally', async () => {
      ended = Promise.all(noisy.map((seed) => crowd(seed, 'stats(range: DAY) { delivered }')));
      await expect.poll(waiting).toBe(READERS);
      ({ event_id } = await pair.ask({ payload: { hay: 'a needle' } }));
      await pair.to.find('event', { event_id });
      pair.to.send({ type: 'reply', event_id, content: 'yes' });
      await pair.from.find('reply', { event_id });
      await room.connect(pair.app);
      // What people wait for is given up, and that again and again: a watch would come through the first time.
      for (let times = 0; times < 3; times += 1) {
        const { errors } = await inTime(script(room).ask(CHART, { s: room.seed.slug }));
        expect(errors).toMatchObject([{ extensions: { code: 'OVERLOADED' } }]);
      }
    });
    for (const watch of [texts, bodies]) {
      await expect.poll(() => told(watch, event_id).at(-1)).toBe('DELIVERED');
      expect(watch.items.filter(({ errors }) => errors)).toEqual([]);
    }
    expect(await connections.next()).toMatchObject({ appConnectionChanged: { connection: {} } });
    await ended;
  });
});

test('what has to wait for its turn is told without what was ordered to be deleted meanwhile', async () => {
  const secret = 'made-up-secret';
  const fields = 'eventId status payload error { code message } timeline { kind }';
  const noisy = [await otherOrganization(room), await otherOrganization(room)];
  const pair = await room.pair();
  const { event_id } = await pair.ask({ payload: { text: secret } });
  await pair.to.find('event', { event_id });
  const o = organizationId(room.seed);
  const every = `subscription E($o: ID!) { eventChanged(organizationId: $o) { event { ${fields} } } }`;
  const single = `subscription P($e: ID!) { eventProgress(eventId: $e) { text append done event { ${fields} } } }`;
  const one = new Watch(script(room), single, { e: event_id });
  await one.next();
  const seen = one.items.length;
  const all = new Watch(script(room), every, { o });
  await all.next();
  const late: Watch[] = [];
  let ended: Promise<unknown> = Promise.resolve();
  await lockedTable(room.relay.databaseUrl, 'tally', async () => {
    ended = Promise.all(noisy.map((seed) => crowd(seed, 'stats(range: DAY) { delivered }')));
    await expect.poll(waiting).toBe(READERS);
    late.push(new Watch(script(room), single, { e: event_id }));
    pair.to.send({ type: 'token', event_id, content: secret });
    pair.to.send({ type: 'error', event_id, error: secret, code: 'MADE_UP' });
    await pair.from.find('error', { event_id });
    // Answered behind them: what they are told has been read but for what waits for its turn.
    const order = { id: pair.app.globalId, appId: pair.app.slug };
    const { __typename } = await script(room).mutate('deleteAppContents', order, 'app { id }');
    expect(__typename).toBe('DeleteAppContentsSuccess');
  });
  await all.until(({ eventChanged }) => eventChanged.event?.status === 'FAILED');
  expect(all.items.filter(({ eventChanged }) => eventChanged.event === null)).toHaveLength(2);
  for (const watch of [one, ...late]) await watch.until(({ eventProgress }) => eventProgress.done);
  const toldLater = [all.items, one.items.slice(seen), late.map(({ items }) => items)];
  expect(JSON.stringify(toldLater)).not.toContain(secret);
  expect(JSON.stringify(toldLater)).not.toContain('MADE_UP');
  await ended;
});

describe('what was changed is answered, though no turn to read comes', () => {
  test.each([
    ['a test event', 'sendTestEvent', 'event { payload reply timeline { kind } resends { eventId } }'],
    ['a token of an app', 'rotateAppToken', 'token app { tokens { state } connection { connected } }'],
    [
      'a token of an agent',
      'rotateAgentToken',
      'token agent { tokens { state } restricted pendingCount connection { connected } }',
    ],
  ])('with what was made: %s', async (_made, name, selection) => {
    const { app, agent } = await room.pair();
    const inputs: Record<string, object> = {
      sendTestEvent: { appId: app.globalId, agentId: agent.globalId, payload: '{}' },
      rotateAppToken: { id: app.globalId, graceSeconds: 0 },
      rotateAgentToken: { id: agent.globalId, graceSeconds: 0 },
    };
    let asked: Promise<unknown>[] = [];
    await lockedTable(room.relay.databaseUrl, 'rollup', async () => {
      asked = charts();
      await expect.poll(waiting).toBe(SHARE);
      const answer = await inTime(script(room).mutate(name, { ...inputs[name] }, selection));
      expect(answer.__typename).toMatch(/Success$/);
    });
    await Promise.all(asked);
  });

  test.each(['deleteEventContent', 'resendEvent'])('and told to those who watch: %s', async (name) => {
    const pair = await room.pair();
    const { event_id } = await pair.ask();
    await pair.to.find('event', { event_id });
    pair.to.send({ type: 'reply', event_id, content: 'yes' });
    await pair.from.find('reply', { event_id });
    await expect.poll(async () => (await room.stored(event_id))['handed_over_at']).not.toBeNull();
    const watch = new Watch(script(room), EVENTS, { o: organizationId(room.seed) });
    await watch.next();
    let asked: Promise<unknown>[] = [];
    let changed: Promise<unknown> = Promise.resolve();
    await lockedTable(room.relay.databaseUrl, 'rollup', async () => {
      await lockedTable(room.relay.databaseUrl, 'audit_entry', async () => {
        changed = script(room).mutate(name, { id: event_id }, 'event { payload }');
        await expect.poll(waiting).toBe(1);
        asked = charts();
        await expect.poll(waiting).toBe(1 + SHARE);
      });
      expect(await inTime(changed)).toMatchObject({ event: {} });
      await watch.until(({ eventChanged }) => eventChanged.event?.eventId === event_id);
    });
    await Promise.all(asked);
  });

  test('and nothing else of it: lists and charts wait for their turn', async () => {
    const { app } = await room.pair();
    const selection = 'app { events(first: 1) { edges { cursor } } }';
    let asked: Promise<unknown>[] = [];
    await lockedTable(room.relay.databaseUrl, 'rollup', async () => {
      asked = charts();
      await expect.poll(waiting).toBe(SHARE);
      const changed = script(room).mutate('updateApp', { id: app.globalId, name: 'Other' }, selection);
      await expect(inTime(changed)).rejects.toThrow('overloaded');
    });
    await Promise.all(asked);
  });
});
