import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { afterEach, describe, expect, test } from 'vitest';
import { deviceOf } from '../../server/domain/device.ts';
import { useRelay } from '../harness/room.ts';
import { globalId, organizationId, Person, script, signedIn } from './api.ts';
import { closeWatches, Watch } from './live.ts';

const room = useRelay();
afterEach(closeWatches);

const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';

/** The same person in one more browser. */
async function elsewhere(person: Person): Promise<Person> {
  const [id, cookie] = [randomUUID(), randomBytes(32).toString('base64url')];
  const now = new Date(room.clock.now());
  await room.relay.sql(
    `insert into session (id, id_hash, user_id, created_at, last_used_at, expires_at, user_agent, address)
     values ($1, $2, $3, $4, $4, $5, $6, '192.0.2.7')`,
    [
      id,
      createHash('sha256').update(cookie).digest('hex'),
      person.userId,
      now,
      new Date(now.getTime() + 86_400_000),
      FIREFOX,
    ],
  );
  return new Person(room, { cookie: `relay_session=${cookie}` }, person.userId, person.email, id);
}

const LIST = '{ viewer { sessions { id device address current lastUsedAt expiresAt } } }';
const EVENTS = `subscription E($o: ID!) { eventChanged(organizationId: $o) { ready } }`;

async function watching(person: Person): Promise<Watch> {
  const watch = new Watch(person, EVENTS, { o: organizationId(room.seed) });
  await watch.next();
  return watch;
}

describe('one’s sessions', () => {
  test('are listed with device and last use, and nobody else’s are', async () => {
    const here = await signedIn(room, 'member');
    const there = await elsewhere(here);
    await signedIn(room, 'owner');
    const { data } = await here.ask(LIST);
    expect(data.viewer.sessions).toHaveLength(2);
    expect(data.viewer.sessions).toContainEqual({
      id: globalId('Session', there.sessionId!),
      device: 'Firefox on Linux',
      address: '192.0.2.7',
      current: false,
      lastUsedAt: expect.any(String),
      expiresAt: expect.any(String),
    });
    expect(data.viewer.sessions).toContainEqual(
      expect.objectContaining({ id: globalId('Session', here.sessionId!), current: true }),
    );
    expect((await script(room).ask(LIST)).data.viewer.sessions).toEqual([]);
  });

  test('end one by one, with their subscriptions within a second', async () => {
    const here = await signedIn(room, 'member');
    const there = await elsewhere(here);
    const [gone, stays] = [await watching(there), await watching(here)];
    const began = performance.now();
    const id = globalId('Session', there.sessionId!);
    expect((await here.mutate('revokeSession', { id }, 'id')).id).toBe(id);
    expect((await gone.closed).code).toBe(4403);
    expect(performance.now() - began).toBeLessThan(1_000);
    expect((await there.ask(LIST)).data.viewer).toBeNull();
    expect((await here.ask(LIST)).data.viewer.sessions).toHaveLength(1);
    expect(await Promise.race([stays.ended, Promise.resolve('open')])).toBe('open');
  });

  test('end all but this one, or all of them', async () => {
    const here = await signedIn(room, 'member');
    const others = [await elsewhere(here), await elsewhere(here)];
    const watches = await Promise.all(others.map(watching));
    const began = performance.now();
    expect(await here.mutate('signOutEverywhere', { exceptThis: true }, 'ended')).toMatchObject({ ended: 2 });
    for (const watch of watches) expect((await watch.closed).code).toBe(4403);
    expect(performance.now() - began).toBeLessThan(1_000);
    for (const other of others) expect((await other.ask(LIST)).data.viewer).toBeNull();
    const own = await watching(here);
    const document = `mutation { signOutEverywhere(input: {}) { ... on SignOutEverywhereSuccess { ended } } }`;
    const { data, headers } = await here.ask(document);
    expect(data.signOutEverywhere).toEqual({ ended: 1 });
    expect(headers.getSetCookie()).toEqual([expect.stringMatching(/^relay_session=; .*Max-Age=0/)]);
    expect((await own.closed).code).toBe(4403);
    expect((await here.ask(LIST)).data.viewer).toBeNull();
  });

  test('are nobody else’s to end, and no script’s', async () => {
    const [person, other] = [await signedIn(room, 'member'), await signedIn(room, 'owner')];
    const id = globalId('Session', person.sessionId!);
    expect((await other.mutate('revokeSession', { id })).__typename).toBe('NotFoundError');
    expect((await script(room).mutate('revokeSession', { id })).__typename).toBe('ForbiddenError');
    expect((await script(room).mutate('signOutEverywhere', {})).__typename).toBe('ForbiddenError');
    expect((await person.ask(LIST)).data.viewer.sessions).toHaveLength(1);
  });
});

test.each([
  [FIREFOX, 'Firefox on Linux'],
  [
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36',
    'Chrome on Windows',
  ],
  [
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/18.0 Safari/605.1.15',
    'Safari on macOS',
  ],
  [
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile Safari/604.1',
    'Safari on iOS',
  ],
  ['Mozilla/5.0 (Windows NT 10.0) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0', 'Edge on Windows'],
  ['curl/8.5.0', 'curl'],
  ['<script>', 'Unknown device'],
  [null, 'Unknown device'],
])('a browser that calls itself "%s" is shown as %s', (userAgent, device) => {
  expect(deviceOf(userAgent)).toBe(device);
});
