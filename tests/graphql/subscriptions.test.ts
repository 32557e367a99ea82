import { afterEach, describe, expect, test } from 'vitest';
import { useRelay } from '../harness/room.ts';
import { globalId, organizationId, script, signedIn } from './api.ts';
import { closeWatches, Watch } from './live.ts';

const room = useRelay();
afterEach(closeWatches);

const APP = `subscription S($id: ID!) { appConnectionChanged(appId: $id) {
  appId connection { connected instances { usesPreviousToken } } } }`;
const EVENTS = `subscription S($o: ID!, $f: EventFilter) { eventChanged(organizationId: $o, filter: $f) {
  ready left event { eventId status reply app { appId } agent { agentId } } } }`;
const PROGRESS = `subscription S($id: ID!) { eventProgress(eventId: $id) {
  text append attempt restart done event { status reply } } }`;

describe('connections', () => {
  test('one app: as it is, then each change of its connections', async () => {
    const app = await room.seed.app();
    const watch = new Watch(script(room), APP, { id: app.globalId });
    const seen = async () => (await watch.next()).appConnectionChanged.connection;
    expect(await seen()).toEqual({ connected: false, instances: [] });
    const client = await room.connect(app);
    expect(await seen()).toMatchObject({ connected: true });
    await script(room).mutate('rotateAppToken', { id: app.globalId });
    const rotated = await watch.until((item) => {
      return item.appConnectionChanged.connection.instances[0]?.usesPreviousToken;
    });
    expect(rotated.appConnectionChanged.connection.connected).toBe(true);
    await client.close();
    await watch.until((item) => !item.appConnectionChanged.connection.connected);
  });

  test.each(['app', 'agent'] as const)(
    'two instances of an %s: connected while one of them lives, whichever dies first, and disconnected after the last',
    async (kind) => {
      const owner = await room.seed[kind]();
      const connection = 'id connection { connected instances { id } }';
      const document = `subscription S($o: ID!) { connectionChanged(organizationId: $o) { subject {
        ... on App { ${connection} } ... on Agent { ${connection} } } } }`;
      const watch = new Watch(script(room), document, { o: organizationId(room.seed) });
      /** Until it is told to have so many instances; meanwhile it may not be told to have none. */
      const until = (count: number, meanwhile: boolean) =>
        watch.until(({ connectionChanged: { subject } }) => {
          if (subject.id !== owner.globalId) return false;
          const { connected, instances } = subject.connection;
          if (meanwhile) expect(connected).toBe(true);
          return instances.length === count && connected === count > 0;
        });
      await until(0, false);
      const clients = [await room.connect(owner), await room.connect(owner)];
      await until(2, true);
      await clients[0]!.kill();
      await until(1, true);
      await clients[1]!.kill();
      await until(0, false);
    },
  );

  test('an organisation: every app and agent first, then those that change', async () => {
    const [app, agent] = await Promise.all([room.seed.app(), room.seed.agent()]);
    const document = `subscription S($o: ID!) { connectionChanged(organizationId: $o) { subject {
      __typename ... on App { appId connection { connected } } ... on Agent { agentId connection { connected } } } } }`;
    const watch = new Watch(script(room), document, { o: organizationId(room.seed) });
    const subject = (fields: object) => (item: { connectionChanged: { subject: object } }) =>
      Object.entries(fields).every(
        ([name, value]) => (item.connectionChanged.subject as Record<string, unknown>)[name] === value,
      );
    await watch.until(subject({ __typename: 'App', appId: app.slug }));
    await watch.until(subject({ __typename: 'Agent', agentId: agent.slug }));
    await room.connect(agent);
    const changed = await watch.until(subject({ agentId: agent.slug }));
    expect(changed.connectionChanged.subject.connection.connected).toBe(true);
  });
});

describe('events', () => {
  test('are told as they are recorded and as they end', async () => {
    const pair = await room.pair();
    const filter = { appId: pair.app.globalId };
    const watch = new Watch(script(room), EVENTS, { o: organizationId(room.seed), f: filter });
    expect((await watch.next()).eventChanged).toEqual({ ready: true, left: false, event: null });
    const { event_id } = await pair.ask();
    expect((await watch.next()).eventChanged).toMatchObject({
      left: false,
      event: {
        eventId: event_id,
        app: { appId: pair.app.slug },
        agent: { agentId: pair.agent.slug },
      },
    });
    pair.to.send({ type: 'reply', event_id, content: 'yes' });
    const ended = await watch.until((item) => item.eventChanged.event.status === 'DELIVERED');
    expect(ended.eventChanged.event).toMatchObject({ eventId: event_id, reply: '"yes"' });
  });

  test('that leave the filter are told once, marked', async () => {
    const pair = await room.pair();
    const f = { status: ['PENDING'], appId: pair.app.globalId };
    const watch = new Watch(script(room), EVENTS, { o: organizationId(room.seed), f });
    await watch.next();
    const first = await pair.ask();
    pair.to.send({ type: 'reply', event_id: first.event_id, content: 'yes' });
    const gone = await watch.until((item) => item.eventChanged.left);
    expect(gone.eventChanged.event).toMatchObject({ eventId: first.event_id, status: 'DELIVERED' });
    // The handing over of the first one follows its end; only the next event may be told now.
    await pair.from.find('reply');
    await pair.from.settled();
    const second = await pair.ask({ thread_id: 'other' });
    expect((await watch.next()).eventChanged.event.eventId).toBe(second.event_id);
  });

  test('are told with the name their app has by now', async () => {
    const pair = await room.pair();
    const document = EVENTS.replace('app { appId }', 'app { name }');
    const f = { appId: pair.app.globalId };
    const watch = new Watch(script(room), document, { o: organizationId(room.seed), f });
    await watch.next();
    await pair.ask();
    const { event } = (await watch.next()).eventChanged;
    for (const name of ['Renamed', 'Renamed again']) {
      expect(event.app.name).not.toBe(name);
      await script(room).mutate('updateApp', { id: pair.app.globalId, name });
      await pair.ask({ thread_id: name });
      expect((await watch.next()).eventChanged.event.app.name).toBe(name);
    }
  });

  test('are told in order to many who watch the same, and apart to those who see it otherwise', async () => {
    const pair = await room.pair();
    const variables = { o: organizationId(room.seed), f: { appId: pair.app.globalId } };
    const documents = [EVENTS, EVENTS, EVENTS, EVENTS.replace('eventId status', 'eventId threadId')];
    const watches = documents.map((document) => new Watch(script(room), document, variables));
    for (const watch of watches) await watch.next();
    const asked: string[] = [];
    for (let n = 0; n < 20; n += 1) asked.push((await pair.ask({ thread_id: `thread-${n}` })).event_id);
    for (const [index, watch] of watches.entries()) {
      const told: { eventId: string; status?: string; threadId?: string }[] = [];
      while (told.length < asked.length) told.push((await watch.next()).eventChanged.event);
      expect(told.map(({ eventId }) => eventId)).toEqual(asked);
      expect(
        told.every(({ status, threadId }) => (index < 3 ? status && !threadId : threadId && !status)),
      ).toBe(true);
    }
  });

  test('outside the filter are not told', async () => {
    const [mine, other] = await Promise.all([room.pair(), room.pair()]);
    const f = { appId: mine.app.globalId };
    const watch = new Watch(script(room), EVENTS, { o: organizationId(room.seed), f });
    await watch.next();
    await other.ask();
    const { event_id } = await mine.ask();
    expect((await watch.next()).eventChanged.event.eventId).toBe(event_id);
  });
});

describe('an answer on its way', () => {
  test('comes token by token, and whole at the end', async () => {
    const pair = await room.pair();
    const { event_id } = await pair.ask();
    await pair.to.find('event');
    const watch = new Watch(script(room), PROGRESS, { id: event_id });
    expect((await watch.next()).eventProgress).toMatchObject({ append: '', done: false });
    let text = '';
    for (const token of ['Hel', 'lo ', '🌍']) {
      pair.to.send({ type: 'token', event_id, token });
      const { eventProgress } = await watch.next();
      text += eventProgress.append;
      expect(eventProgress).toMatchObject({ attempt: 1, restart: false, text });
    }
    expect(text).toBe('Hello 🌍');
    pair.to.send({ type: 'reply', event_id, content: 'Hello 🌍' });
    const last = await watch.until((item) => item.eventProgress.done);
    expect(last.eventProgress.event).toEqual({ status: 'DELIVERED', reply: '"Hello 🌍"' });
    expect(await watch.ended).toBeNull();
  });

  test('is told from its beginning to a late joiner, and again to a second one', async () => {
    const pair = await room.pair();
    const { event_id } = await pair.ask();
    await pair.to.find('event');
    pair.to.send({ type: 'token', event_id, token: 'so far' });
    await pair.from.find('token');
    for (const _ of [1, 2]) {
      const watch = new Watch(script(room), PROGRESS, { id: globalId('Event', event_id) });
      expect((await watch.next()).eventProgress).toMatchObject({ text: 'so far', append: 'so far' });
    }
  });

  test('begins again with another attempt', async () => {
    const pair = await room.pair();
    const { event_id } = await pair.ask();
    await pair.to.find('event');
    const watch = new Watch(script(room), PROGRESS, { id: event_id });
    pair.to.send({ type: 'token', event_id, token: 'lost' });
    await watch.until((item) => item.eventProgress.text === 'lost');
    await pair.to.kill();
    const again = await room.connect(pair.agent);
    await again.find('event', { attempt: 2 });
    again.send({ type: 'token', event_id, token: 'kept' });
    const restarted = await watch.until((item) => item.eventProgress.restart);
    expect(restarted.eventProgress.attempt).toBe(2);
    if (restarted.eventProgress.text !== 'kept')
      await watch.until((item) => item.eventProgress.text === 'kept');
  });

  test('of an event that has ended is its end', async () => {
    const pair = await room.pair();
    pair.from.send({ type: 'event', agent_id: 'nobody-there', thread_id: 'thread', payload: {} });
    const { event_id } = (await pair.from.find('error')).body;
    const watch = new Watch(script(room), PROGRESS, { id: event_id });
    expect((await watch.next()).eventProgress).toMatchObject({ done: true, event: { status: 'REJECTED' } });
    expect(await watch.ended).toBeNull();
  });
});

describe('who may subscribe', () => {
  test('a key in the connection parameters is enough', async () => {
    const headers = { authorization: '' };
    const person = Object.assign(Object.create(script(room)), { headers });
    const params = { authorization: `Bearer ${room.seed.key.token}` };
    const watch = new Watch(person, EVENTS, { o: organizationId(room.seed) }, params);
    expect((await watch.next()).eventChanged.ready).toBe(true);
  });

  test('a key that is not valid closes the socket', async () => {
    const person = Object.assign(Object.create(script(room)), { headers: {} });
    const params = { authorization: 'Bearer rlo_nope_1' };
    const watch = new Watch(person, EVENTS, { o: organizationId(room.seed) }, params);
    expect((await watch.closed).code).toBe(4403);
  });

  test('nobody is told to sign in', async () => {
    const person = Object.assign(Object.create(script(room)), { headers: {} });
    const watch = new Watch(person, EVENTS, { o: organizationId(room.seed) });
    expect((await watch.next()).errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }]);
  });
});

test('a subscription works over server-sent events too, and ends when its right does', async () => {
  const person = await signedIn(room, 'member');
  const response = await fetch(`${room.relay.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'text/event-stream', ...person.headers },
    body: JSON.stringify({ query: EVENTS, variables: { o: organizationId(room.seed) } }),
  });
  expect(response.headers.get('content-type')).toContain('text/event-stream');
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  for (let done = false; !done && !text.includes('"ready":true');) {
    const chunk = await reader.read();
    done = chunk.done;
    text += chunk.value ?? '';
  }
  expect(text).toContain('"ready":true');
  await person.ask('mutation { signOut { ... on SignOutSuccess { ok } } }');
  for (let done = false; !done;) done = (await reader.read()).done;
});
