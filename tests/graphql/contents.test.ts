import { describe, expect, test } from 'vitest';
import { Eraser } from '../../server/broker/eraser.ts';
import { createLocalBus } from '../../server/bus/local.ts';
import { createPool } from '../../server/database/pool.ts';
import { createLog } from '../../server/log.ts';
import { TestClock } from '../harness/clock.ts';
import { lockedTable } from '../harness/outage.ts';
import type { Pair } from '../harness/room.ts';
import { ask, eventFrame, useRelay } from '../harness/room.ts';
import { otherOrganization, script, signedIn } from './api.ts';

const room = useRelay();

const SECRET = 'what nobody may read any more';
const BODIES = 'eventId status payload reply replyMetadata contentDeletedAt error { code message }';

/** An event that was answered and handed over, whose texts are worth deleting. */
async function told(pair: Pair, thread: string, answer: object = { type: 'reply', content: SECRET }) {
  const { event_id } = await pair.ask({ thread_id: thread, payload: { text: SECRET } });
  await pair.to.find('event', { event_id });
  pair.to.send({ event_id, ...answer });
  await expect.poll(async () => (await room.stored(String(event_id)))['handed_over_at']).not.toBeNull();
  return String(event_id);
}

const read = async (id: string, person = script(room)) =>
  (await person.ask(`query E($id: ID!) { event(id: $id) { ${BODIES} } }`, { id })).data.event;

const PAGE = `query P($s: String!, $f: EventFilter) { organization(slug: $s) {
  events(filter: $f) { edges { node { eventId } } } } }`;

/** The ids of events in which a text is found. */
async function found(text: string): Promise<string[]> {
  const from = new Date(room.clock.now() - 86_400_000).toISOString();
  const { data } = await script(room).ask(PAGE, { s: room.seed.slug, f: { text, from } });
  return data.organization.events.edges.map(({ node }: { node: { eventId: string } }) => node.eventId);
}

const deletion = (id: string) => script(room).mutate('deleteEventContent', { id }, `event { ${BODIES} }`);

describe('deleting the content of an event', () => {
  test('leaves nothing of payload, answer, metadata and error text, and everything else as it was', async () => {
    const pair = await room.pair();
    const metadata = { metadata: { note: SECRET } };
    const delivered = await told(pair, 'a', { type: 'reply', content: SECRET, ...metadata });
    const failed = await told(pair, 'a', { type: 'error', error: SECRET });
    expect((await read(delivered)).replyMetadata).toContain(SECRET);
    for (const id of [delivered, failed]) {
      const before = await room.stored(id);
      expect(await found(SECRET)).toContain(id);
      const { event } = await deletion(id);
      expect(event).toMatchObject({ payload: null, reply: null, replyMetadata: null });
      expect(event.contentDeletedAt).toEqual(expect.any(String));
      expect(await read(id)).toEqual(event);
      expect(await found(SECRET)).not.toContain(id);
      const after = await room.stored(id);
      expect(JSON.stringify(after)).not.toContain(SECRET);
      for (const column of ['status', 'accepted_at', 'settled_at', 'latency_ms', 'error_code', 'thread_id'])
        expect(after[column]).toEqual(before[column]);
    }
    const entries = await room.relay.sql(
      `select count(*)::int as count from audit_entry where action = 'EVENT_CONTENT_DELETED' and target_id = any($1)`,
      [[delivered, failed]],
    );
    expect(entries).toEqual([{ count: 2 }]);
    await deletion(delivered);
    const again = `select 1 from audit_entry where action = 'EVENT_CONTENT_DELETED' and target_id = $1`;
    expect(await room.relay.sql(again, [delivered])).toHaveLength(1);
  });

  test('waits until the outcome was handed over: neither agent nor app loses anything', async () => {
    const pair = await room.pair();
    const { event_id } = await pair.ask();
    const id = String(event_id);
    const refusal = { __typename: 'ValidationError', fields: [{ field: 'id' }] };
    expect(await deletion(id)).toMatchObject(refusal);
    await pair.to.find('event');
    await pair.from.close();
    pair.to.send({ type: 'reply', event_id, content: SECRET });
    await expect.poll(async () => (await read(id)).status).toBe('DELIVERED');
    expect(await deletion(id)).toMatchObject(refusal);
    const back = await room.connect(pair.app, { protocols: ['relay.v1'] });
    expect((await back.find('reply')).body).toMatchObject({ event_id, reply: SECRET });
    await expect.poll(async () => (await deletion(id)).__typename).toBe('DeleteEventContentSuccess');
  });

  test('needs no look at those of its app, which an order for all of them does', async () => {
    const [pool, log] = [createPool(room.relay.databaseUrl, 1), createLog('silent')];
    let looks = 0;
    pool.on('acquire', () => (looks += 1));
    const looksAfter = async (eventId: string | null) => {
      const bus = createLocalBus(log);
      const eraser = new Eraser({
        databaseUrl: room.relay.databaseUrl,
        pool,
        bus,
        clock: new TestClock(),
        log,
      });
      const { id: appId } = await room.seed.app();
      bus.publish('contents.unwanted', { organizationId: room.seed.organizationId, appId, eventId });
      await eraser.close();
      return looks;
    };
    expect(await looksAfter('evt_0mwt2zk1g0000001')).toBe(0);
    expect(await looksAfter(null)).toBe(1);
    await pool.end();
  });

  test('is for owners of the organization', async () => {
    const id = await told(await room.pair(), 'a');
    const member = await signedIn(room, 'member');
    expect((await member.mutate('deleteEventContent', { id })).__typename).toBe('ForbiddenError');
    const stranger = script(room, await otherOrganization(room));
    expect((await stranger.mutate('deleteEventContent', { id })).__typename).toBe('NotFoundError');
    expect(await read(id)).toMatchObject({
      contentDeletedAt: null,
      payload: expect.stringContaining(SECRET),
    });
  });

  test('leaves nothing to send again but another payload', async () => {
    const id = await told(await room.pair(), 'a');
    await deletion(id);
    const input = { id, handOver: false };
    expect(await script(room).mutate('resendEvent', input)).toMatchObject({ fields: [{ field: 'payload' }] });
    const other = await script(room).mutate(
      'resendEvent',
      { ...input, payload: '{"n":1}' },
      'event { payload }',
    );
    expect(other.event.payload).toBe('{"n":1}');
  });
});

const WAITING = `select 1 from pg_stat_activity
  where datname = current_database() and application_name = 'relay-accept' and wait_event_type = 'Lock'`;

describe('deleting the contents of an app', () => {
  const STATE = 'app { contentsDeletion { orderedAt completedAt } }';
  const order = (pair: Pair, appId = pair.app.slug) =>
    script(room).mutate('deleteAppContents', { id: pair.app.globalId, appId }, STATE);
  const state = async ({ app }: Pair) => {
    const document = `query A($id: ID!) { app(id: $id) { contentsDeletion { orderedAt completedAt } } }`;
    return (await script(room).ask(document, { id: app.globalId })).data.app.contentsDeletion;
  };
  const gone = (id: string) =>
    expect.poll(async () => JSON.stringify(await room.stored(id))).not.toContain(SECRET);
  /** Until the time has come at which nothing accepted before can turn up any more. */
  const completed = async (pair: Pair) => {
    room.clock.advance(180_000);
    await expect.poll(async () => (await state(pair)).completedAt).not.toBeNull();
  };

  test('hides them at once and leaves none of them behind, of this app alone and of the past alone', async () => {
    const bystander = await room.seed.app();
    const pair = await room.pair();
    const from = await room.connect(bystander);
    const other = await told({ ...pair, from, ask: (fields) => ask(from, pair.agent, fields) }, 'other');
    const events: string[] = [];
    for (const thread of ['a', 'b', 'c']) events.push(await told(pair, thread));
    room.clock.advance(5);
    const ordered = await order(pair);
    expect(ordered.app.contentsDeletion.orderedAt).toEqual(expect.any(String));
    for (const id of events) expect(await read(id)).toMatchObject({ payload: null, reply: null });
    expect((await found(SECRET)).filter((id) => events.includes(id))).toEqual([]);
    for (const id of events) await gone(id);
    expect(await read(other)).toMatchObject({ payload: expect.stringContaining(SECRET) });
    const next = await told(pair, 'a');
    await completed(pair);
    expect(await read(next)).toMatchObject({
      payload: expect.stringContaining(SECRET),
      contentDeletedAt: null,
    });
  });

  test('lets what is under way be answered and handed over first', async () => {
    const pair = await room.pair();
    const { event_id } = await pair.ask({ payload: { text: SECRET } });
    const id = String(event_id);
    room.clock.advance(5);
    await order(pair);
    expect((await pair.to.find('event')).body).toMatchObject({ payload: { text: SECRET } });
    pair.to.send({ type: 'reply', event_id, content: SECRET });
    expect((await pair.from.find('reply')).body).toMatchObject({ event_id, reply: SECRET });
    await expect.poll(async () => (await room.stored(id))['handed_over_at']).not.toBeNull();
    expect((await state(pair)).completedAt).toBeNull();
    await completed(pair);
    expect(JSON.stringify(await room.stored(id))).not.toContain(SECRET);
  });

  test('covers what was being recorded, and is not completed before that can no longer turn up', async () => {
    const pair = await room.pair();
    const earlier = await told(pair, 'a');
    await lockedTable(room.relay.databaseUrl, 'idempotency_key', async () => {
      pair.from.send(eventFrame(pair.agent, { payload: { text: SECRET }, idempotency_key: 'k' }));
      await expect.poll(() => room.relay.sql(WAITING)).toHaveLength(1);
      room.clock.advance(5);
      await order(pair);
      await gone(earlier);
    });
    const id = String((await pair.from.find('accepted')).body['event_id']);
    expect(await read(id)).toMatchObject({ payload: null, contentDeletedAt: expect.any(String) });
    expect((await pair.to.find('event', { event_id: id })).body).toMatchObject({ payload: { text: SECRET } });
    pair.to.send({ type: 'reply', event_id: id, content: SECRET });
    expect((await pair.from.find('reply', { event_id: id })).body).toMatchObject({ reply: SECRET });
    await expect.poll(async () => (await room.stored(id))['handed_over_at']).not.toBeNull();
    expect(await read(id)).toMatchObject({ status: 'DELIVERED', reply: null });
    await completed(pair);
    expect(JSON.stringify(await room.stored(id))).not.toContain(SECRET);
  });

  test('is not completed while a commit from before hangs, and covers what that brings at last', async () => {
    const pair = await room.pair();
    const earlier = await told(pair, 'a');
    const [payload] = await room.relay.sql('select payload from event where id = $1', [earlier]);
    /** A round that finds something, which only those do that come before the erasure is complete. */
    const round = async (ms: number) => {
      const back = 'update event set content_deleted_at = null, payload = $2 where id = $1';
      await room.relay.sql(back, [earlier, payload!['payload']]);
      room.clock.advance(ms);
      await gone(earlier);
    };
    await lockedTable(room.relay.databaseUrl, 'idempotency_key', async () => {
      const nobody = { ...pair.agent, slug: 'nobody' };
      pair.from.send(eventFrame(nobody, { payload: { text: SECRET }, idempotency_key: 'k' }));
      await expect.poll(() => room.relay.sql(WAITING)).toHaveLength(1);
      room.clock.advance(5);
      await order(pair);
      await gone(earlier);
      await round(180_001);
      await round(60_000);
    });
    const events = () => room.relay.sql('select * from event where app_id = $1 order by id', [pair.app.id]);
    await expect.poll(events).toHaveLength(2);
    await completed(pair);
    expect(JSON.stringify(await events())).not.toContain(SECRET);
  });

  test('covers what was accepted before by the clock, also when that stepped back and ids did not', async () => {
    const pair = await room.pair();
    await told(pair, 'a');
    room.clock.jump(-60_000);
    const id = await told(pair, 'a');
    room.clock.advance(5);
    await order(pair);
    await gone(id);
    room.clock.jump(60_000);
  });

  test('asks for the App ID, and for an owner', async () => {
    const pair = await room.pair();
    expect(await order(pair, 'another')).toMatchObject({ fields: [{ field: 'appId' }] });
    const member = await signedIn(room, 'member');
    const input = { id: pair.app.globalId, appId: pair.app.slug };
    expect((await member.mutate('deleteAppContents', input)).__typename).toBe('ForbiddenError');
    expect(await state(pair)).toBeNull();
  });
});
