import { describe, expect, test } from 'vitest';
import { useRelay } from '../harness/room.ts';
import { globalId, otherOrganization, script, signedIn } from './api.ts';

const room = useRelay();

const EVENT =
  'event { id eventId status origin threadId payload app { appId } agent { agentId } resendOf { eventId } error { code } }';

const inputOf = (pair: { app: { globalId: string }; agent: { globalId: string } }, fields: object = {}) => ({
  appId: pair.app.globalId,
  agentId: pair.agent.globalId,
  payload: '{ "n": 1.0 }',
  ...fields,
});

describe('a test event', () => {
  test('reaches the agent byte for byte, in a fresh thread, and its outcome stays away from the app', async () => {
    const pair = await room.pair();
    const { event } = await script(room).mutate('sendTestEvent', inputOf(pair), EVENT);
    expect(event).toMatchObject({ status: 'PENDING', origin: 'DASHBOARD', payload: '{ "n": 1.0 }' });
    expect(event.threadId).toMatch(/^test-[0-9a-f]{12}$/);
    const offered = await pair.to.find('event');
    expect(offered.text).toContain('{ "n": 1.0 }');
    pair.to.send({ type: 'reply', event_id: event.eventId, content: 'yes' });
    const ask = async () =>
      (await script(room).ask('query E($id: ID!) { event(id: $id) { status } }', { id: event.id })).data.event
        .status;
    await expect.poll(ask).toBe('DELIVERED');
    await pair.from.settled();
    expect(pair.from.frames.filter((frame) => frame.body.event_id)).toEqual([]);
  });

  test('goes to the thread that is named', async () => {
    const pair = await room.pair();
    const { event } = await script(room).mutate('sendTestEvent', inputOf(pair, { threadId: 'job:7' }), EVENT);
    expect(event.threadId).toBe('job:7');
  });

  test.each([
    ['no JSON', { payload: '{' }, 'payload'],
    ['no object', { payload: '[1]' }, 'payload'],
    ['null', { payload: 'null' }, 'payload'],
    ['a lone surrogate', { payload: '{"a":"\ud800"}' }, 'payload'],
    ['too large', { payload: `{"a":"${'x'.repeat(65_530)}"}` }, 'payload'],
    ['an empty thread', { threadId: '' }, 'threadId'],
    ['a thread of 513 characters', { threadId: 'x'.repeat(513) }, 'threadId'],
    ['a thread with NUL', { threadId: 'a\u0000' }, 'threadId'],
  ])('is refused with %s', async (_name, fields, field) => {
    const pair = { app: await room.seed.app(), agent: await room.seed.agent() };
    const answer = await script(room).mutate('sendTestEvent', inputOf(pair, fields));
    expect(answer).toMatchObject({ __typename: 'ValidationError', fields: [{ field }] });
  });

  test('to an agent that does not allow the app is recorded as rejected', async () => {
    const [agent, app, other] = [await room.seed.agent(), await room.seed.app(), await room.seed.app()];
    await script(room).mutate('allowApp', { agentId: agent.globalId, appId: other.globalId });
    const { event } = await script(room).mutate('sendTestEvent', inputOf({ app, agent }), EVENT);
    expect(event).toMatchObject({ status: 'REJECTED', error: { code: 'NOT_ALLOWED' } });
  });

  test('never crosses organisations, and is for owners only', async () => {
    const other = await otherOrganization(room);
    const [app, agent, foreign] = [await room.seed.app(), await room.seed.agent(), await other.agent()];
    const crossed = await script(room).mutate('sendTestEvent', inputOf({ app, agent: foreign }));
    expect(crossed.__typename).toBe('NotFoundError');
    const member = await signedIn(room, 'member');
    expect((await member.mutate('sendTestEvent', inputOf({ app, agent }))).__typename).toBe('ForbiddenError');
  });
});

/** What an event was sent again as, and whether that is not all. */
async function resendsOf(id: string): Promise<{ ids: string[]; more: boolean }> {
  const { data } = await script(room).ask(
    'query Q($id: ID!) { event(id: $id) { resends { eventId } hasMoreResends } }',
    { id },
  );
  const { resends, hasMoreResends } = data.event as {
    resends: { eventId: string }[];
    hasMoreResends: boolean;
  };
  return { ids: resends.map(({ eventId }) => eventId), more: hasMoreResends };
}

describe('sending again', () => {
  test('makes a new event of the same bytes that names the first', async () => {
    const pair = await room.pair();
    const { event_id } = await pair.ask({ payload: { first: true } });
    const { event } = await script(room).mutate('resendEvent', { id: globalId('Event', event_id) }, EVENT);
    expect(event).toMatchObject({
      origin: 'DASHBOARD',
      payload: '{"first":true}',
      app: { appId: pair.app.slug },
      agent: { agentId: pair.agent.slug },
      resendOf: { eventId: event_id },
    });
    expect(event.eventId).not.toBe(event_id);
    expect(event.threadId).toMatch(/^test-/);
  });

  test('is found from the event that was sent again, the newest ten first, with word of there being more', async () => {
    const pair = await room.pair();
    const { event_id } = await pair.ask();
    const again = async (): Promise<string> =>
      (await script(room).mutate('resendEvent', { id: event_id }, EVENT)).event.eventId;
    expect(await resendsOf(event_id)).toEqual({ ids: [], more: false });
    const made = [await again(), await again()];
    expect(await resendsOf(event_id)).toEqual({ ids: [made[1], made[0]], more: false });
    for (let n = 0; n < 8; n += 1) made.push(await again());
    expect(await resendsOf(event_id)).toEqual({ ids: made.toReversed(), more: false });
    made.push(await again());
    expect(await resendsOf(event_id)).toEqual({ ids: made.slice(1).reverse(), more: true });
  });

  test('leads to nothing of another organisation, whatever its rows say', async () => {
    const [pair, other] = [await room.pair(), await otherOrganization(room)];
    const { event_id } = await pair.ask();
    for (let n = 0; n < 11; n += 1) await script(room).mutate('resendEvent', { id: event_id });
    expect((await resendsOf(event_id)).more).toBe(true);
    await room.relay.sql('update event set organization_id = $1 where resend_of = $2', [
      other.organizationId,
      event_id,
    ]);
    expect(await resendsOf(event_id)).toEqual({ ids: [], more: false });
  });

  test('hands the outcome to the app when asked to', async () => {
    const pair = await room.pair();
    const { event_id } = await pair.ask();
    pair.to.send({ type: 'reply', event_id, content: 'first' });
    await pair.from.find('reply');
    const input = { id: event_id, payload: '{"second":1}', threadId: 'again', handOver: true };
    const { event } = await script(room).mutate('resendEvent', input, EVENT);
    expect(event).toMatchObject({ payload: '{"second":1}', threadId: 'again' });
    pair.to.send({ type: 'reply', event_id: event.eventId, content: 'second' });
    const reply = await pair.from.find('reply', { event_id: event.eventId });
    expect(reply.body.reply).toBe('second');
  });
});
