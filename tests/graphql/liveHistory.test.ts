import { afterEach, expect, test } from 'vitest';
import { useRelay } from '../harness/room.ts';
import { organizationId, script } from './api.ts';
import { closeWatches, Watch } from './live.ts';

const room = useRelay();
afterEach(closeWatches);

const EVENTS = `subscription S($o: ID!, $f: EventFilter) { eventChanged(organizationId: $o, filter: $f) {
  ready left event { eventId status reply app { appId } agent { agentId } } } }`;

test('changes of events come with their position in the history, from which one can read on', async () => {
  const pair = await room.pair();
  const document = `subscription S($o: ID!, $f: EventFilter) { eventChanged(organizationId: $o, filter: $f) {
    cursor event { eventId } } }`;
  const filter = { appId: pair.app.globalId };
  const watch = new Watch(script(room), document, { o: organizationId(room.seed), f: filter });
  expect((await watch.next()).eventChanged).toEqual({ cursor: null, event: null });
  const first = await pair.ask();
  await watch.next();
  const second = await pair.ask();
  const { cursor } = (await watch.until((item) => item.eventChanged.event.eventId === second.event_id))
    .eventChanged;
  const page = `query P($s: String!, $f: EventFilter, $c: String) { organization(slug: $s) {
    events(filter: $f, after: $c) { edges { node { eventId } } } } }`;
  const { data } = await script(room).ask(page, { s: room.seed.slug, f: filter, c: cursor });
  expect(data.organization.events.edges).toEqual([{ node: { eventId: first.event_id } }]);
});

test('whoever watches the thread of an event hears that it was sent again in another', async () => {
  const pair = await room.pair();
  const { event_id } = await pair.ask();
  const document = `subscription S($o: ID!, $f: EventFilter) { eventChanged(organizationId: $o, filter: $f) {
    left event { eventId resends { eventId } } } }`;
  const filter = { appId: pair.app.globalId, threadId: 'thread' };
  const watch = new Watch(script(room), document, { o: organizationId(room.seed), f: filter });
  await watch.next();
  const { event } = await script(room).mutate('resendEvent', { id: event_id }, 'event { eventId }');
  expect((await watch.next()).eventChanged).toEqual({
    left: false,
    event: { eventId: event_id, resends: [{ eventId: event.eventId }] },
  });
});

test('changes of events are searched for a text as they come and as they are answered', async () => {
  const pair = await room.pair();
  const filter = { appId: pair.app.globalId, text: 'NEEDLE' };
  const watch = new Watch(script(room), EVENTS, { o: organizationId(room.seed), f: filter });
  await watch.next();
  const [hay, found] = [
    await pair.ask({ payload: { a: 'hay' } }),
    await pair.ask({ payload: { a: 'needle' } }),
  ];
  expect((await watch.next()).eventChanged.event.eventId).toBe(found.event_id);
  pair.to.send({ type: 'reply', event_id: hay.event_id, content: 'A needle in it.' });
  const answered = await watch.until((item) => item.eventChanged.event.eventId === hay.event_id);
  expect(answered.eventChanged).toMatchObject({ left: false, event: { status: 'DELIVERED' } });
});
