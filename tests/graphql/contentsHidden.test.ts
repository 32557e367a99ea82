import { afterEach, describe, expect, test } from 'vitest';
import { createLiveEvents } from '../../server/graphql/live/events.ts';
import type { Topics } from '../../server/bus/topics.ts';
import { createLocalBus } from '../../server/bus/local.ts';
import type { Work } from '../../server/domain/work.ts';
import { createPool } from '../../server/database/pool.ts';
import { createLog } from '../../server/log.ts';
import type { Pair } from '../harness/room.ts';
import { ask, useRelay } from '../harness/room.ts';
import { organizationId, otherOrganization, script } from './api.ts';
import { Watch, closeWatches } from './live.ts';

const room = useRelay();
afterEach(closeWatches);

const SECRET = 'what nobody may read any more';
/** A code of the agent's own, as free a text as any. */
const CODE = 'what only the agent calls so';

const order = (pair: Pair) => {
  room.clock.advance(5);
  return script(room).mutate('deleteAppContents', { id: pair.app.globalId, appId: pair.app.slug });
};

/** An event that failed with a code of the agent's own, and whose app knows it. */
async function failed(pair: Pair): Promise<string> {
  const { event_id } = await pair.ask({ payload: { text: SECRET } });
  await pair.to.find('event', { event_id });
  pair.to.send({ type: 'error', event_id, error: SECRET, code: CODE });
  expect((await pair.from.find('error', { event_id })).body['code']).toBe(CODE);
  await expect.poll(async () => (await room.stored(event_id))['handed_over_at']).not.toBeNull();
  return event_id;
}

const OUTCOME = 'error { code message retryable } timeline { kind detail }';
const read = async (id: string) =>
  (await script(room).ask(`query E($id: ID!) { event(id: $id) { ${OUTCOME} } }`, { id })).data.event;
const without = { code: 'AGENT_ERROR', message: 'AGENT_ERROR', retryable: true };

/** How many events are found under a code. */
async function underCode(pair: Pair, code: string): Promise<number> {
  const document = `query C($id: ID!, $f: EventFilter) { app(id: $id) { events(filter: $f) { edges { node { id } } } } }`;
  const { data } = await script(room).ask(document, { id: pair.app.globalId, f: { code } });
  return data.app.events.edges.length;
}

describe('a code that an agent made up', () => {
  test('goes with what the event carried; those of Relay stay', async () => {
    const pair = await room.pair();
    const id = await failed(pair);
    expect((await read(id)).error).toMatchObject({ code: CODE });
    expect(await underCode(pair, CODE)).toBe(1);
    const result = await script(room).mutate('deleteEventContent', { id }, `event { ${OUTCOME} }`);
    expect(result.event.error).toEqual(without);
    expect(JSON.stringify(await read(id))).not.toContain(CODE);
    expect(await underCode(pair, CODE)).toBe(0);
    expect(JSON.stringify(await room.stored(id))).not.toContain(CODE);
    expect(await room.stored(id)).toMatchObject({ error_code: 'AGENT_ERROR' });
  });

  test('is told nowhere once the contents of its app are unwanted', async () => {
    const pair = await room.pair();
    const { event_id } = await pair.ask({ payload: { text: SECRET }, thread_id: 'b' });
    await pair.to.find('event', { event_id });
    const changes = `subscription S($o: ID!, $f: EventFilter) { eventChanged(organizationId: $o, filter: $f) {
      event { ${OUTCOME} } } }`;
    const watch = (f: object) => new Watch(script(room), changes, { o: organizationId(room.seed), f });
    const [all, searching] = [watch({ appId: pair.app.globalId }), watch({ code: CODE })];
    for (const one of [all, searching]) await one.next();
    await order(pair);
    pair.to.send({ type: 'error', event_id, error: SECRET, code: CODE });
    await all.until(({ eventChanged }) => eventChanged.event?.error?.code === 'AGENT_ERROR');
    // What still waits for its app is in the database as it was, and is shown as if it were gone.
    expect((await read(event_id)).error).toEqual(without);
    expect(await underCode(pair, CODE)).toBe(0);
    const errors = `query A($id: ID!) { agent(id: $id) { errors { code count } } }`;
    const { data } = await script(room).ask(errors, { id: pair.agent.globalId });
    expect(data.agent.errors).toEqual([{ code: 'AGENT_ERROR', count: 1 }]);
    expect(JSON.stringify(all.items)).not.toContain(CODE);
    expect(searching.items.filter(({ eventChanged }) => eventChanged.event)).toEqual([]);
  });
});

test('whoever watches a code that an agent made up is told that an event has it no longer', async () => {
  const pair = await room.pair();
  const document = `subscription S($o: ID!, $f: EventFilter) { eventChanged(organizationId: $o, filter: $f) {
    left event { eventId error { code } } } }`;
  const filter = { appId: pair.app.globalId, code: CODE };
  const watch = new Watch(script(room), document, { o: organizationId(room.seed), f: filter });
  await watch.next();
  const eventId = await failed(pair);
  const event = { eventId, error: { code: CODE } };
  expect((await watch.next()).eventChanged).toEqual({ left: false, event });
  await script(room).mutate('deleteEventContent', { id: eventId }, 'event { id }');
  const { eventChanged } = await watch.until((item) => item.eventChanged.left);
  expect(eventChanged.event).toEqual({ eventId, error: { code: 'AGENT_ERROR' } });
});

test('whoever watches events is told to read them anew when those of an app are unwanted', async () => {
  const app = await room.seed.app();
  const pair = await room.pair();
  const from = await room.connect(app);
  const other: Pair = { ...pair, app, from, ask: (fields) => ask(from, pair.agent, fields) };
  const document = `subscription S($o: ID!, $f: EventFilter) { eventChanged(organizationId: $o, filter: $f) {
    ready left cursor event { eventId } } }`;
  const watch = async (f: object, person = script(room), o = organizationId(room.seed)) => {
    const begun = new Watch(person, document, { o, f });
    await begun.next();
    return begun;
  };
  const eventId = await failed(pair);
  const concerned = [await watch({}), await watch({ code: CODE }), await watch({ appId: pair.app.globalId })];
  const stranger = await otherOrganization(room);
  const others = [
    await watch({ appId: other.app.globalId }),
    await watch({}, script(room, stranger), organizationId(stranger)),
  ];
  await order(pair);
  for (const one of concerned) {
    const { eventChanged } = await one.next();
    expect(eventChanged).toEqual({ ready: true, left: false, cursor: null, event: null });
  }
  expect(await underCode(pair, CODE)).toBe(0);
  // One event's content is told as a change of that event.
  const single = await failed(other);
  await script(room).mutate('deleteEventContent', { id: single }, 'event { id }');
  const toldOf = ({ eventChanged }: { eventChanged: { event: { eventId: string } | null } }) =>
    eventChanged.event?.eventId === single;
  for (const one of [concerned[0]!, others[0]!]) await one.until(toldOf);
  for (const one of [...others, ...concerned])
    expect(one.items.filter(({ eventChanged }) => eventChanged.event === null)).toHaveLength(
      concerned.includes(one) ? 2 : 1,
    );
  expect(await read(eventId)).toMatchObject({ error: without });
});

describe('an answer on its way', () => {
  const PROGRESS = `subscription P($e: ID!) { eventProgress(eventId: $e) {
    text append restart done event { payload reply } } }`;

  test('is told no further once it is unwanted, to those who watch and to those who come', async () => {
    const pair = await room.pair();
    const { event_id } = await pair.ask({ payload: { text: SECRET } });
    await pair.to.find('event');
    const early = new Watch(script(room), PROGRESS, { e: event_id });
    pair.to.send({ type: 'token', event_id, token: SECRET });
    await early.until(({ eventProgress }) => eventProgress.text === SECRET);
    await order(pair);
    const { eventProgress } = await early.until((item) => item.eventProgress.text === '');
    expect(eventProgress).toMatchObject({ append: '', restart: true, done: false, event: { payload: null } });
    const told = early.items.length;
    const late = new Watch(script(room), PROGRESS, { e: event_id });
    const first = (await late.next()).eventProgress;
    expect(first).toMatchObject({ text: '', append: '', restart: false, event: { payload: null } });
    pair.to.send({ type: 'token', event_id, token: SECRET });
    pair.to.send({ type: 'reply', event_id, content: SECRET });
    expect((await pair.from.find('reply')).body).toMatchObject({ reply: SECRET });
    for (const watch of [early, late]) await watch.until((item) => item.eventProgress.done);
    expect(JSON.stringify([...early.items.slice(told), ...late.items])).not.toContain(SECRET);
  });
});

test('what was read for all who watch is not told to who comes to it later', async () => {
  const pair = await room.pair();
  const { event_id } = await pair.ask({ payload: { text: SECRET } });
  const reader = createPool(room.relay.databaseUrl, 1);
  const bus = createLocalBus(createLog('silent'));
  const { em } = room.relay.relay.orm;
  const work = () => ({ em: em.fork(), reader, bus, clock: room.clock }) as unknown as Work;
  const live = createLiveEvents(work);
  const message = { eventId: event_id } as Topics['event.changed'];
  const payload = async () => (await live.shared(message).loaders.body.load(event_id))?.payload;
  const change = await live.change(message, false);
  expect(await payload()).toContain(SECRET);
  await order(pair);
  bus.publish('contents.unwanted', {
    organizationId: room.seed.organizationId,
    appId: pair.app.id,
    eventId: null,
  });
  expect(await payload()).toBeNull();
  expect(await live.change(message, false)).not.toBe(change);
  await reader.end();
});
