import { afterEach, describe, expect, test } from 'vitest';
import { lockedTable, withoutTable } from '../harness/outage.ts';
import { useRelay } from '../harness/room.ts';
import { organizationId, signedIn } from './api.ts';
import { closeWatches, Watch } from './live.ts';

const room = useRelay();
afterEach(closeWatches);

const EVENTS = 'subscription E($o: ID!) { eventChanged(organizationId: $o) { ready } }';

describe('a right that is lost ends a subscription within a second', () => {
  async function ends(watch: Watch, lose: () => Promise<unknown>) {
    await watch.next();
    const start = performance.now();
    await lose();
    expect((await watch.closed).code).toBe(4403);
    expect(performance.now() - start).toBeLessThan(2_000);
  }
  const variables = () => ({ o: organizationId(room.seed) });

  test('by signing out', async () => {
    const person = await signedIn(room, 'member');
    await ends(new Watch(person, EVENTS, variables()), () => {
      return person.ask('mutation { signOut { ... on SignOutSuccess { ok } } }');
    });
  });

  test('by revoking the key', async () => {
    const owner = await signedIn(room, 'owner');
    const input = { organizationId: organizationId(room.seed), name: 'temporary' };
    const { key, apiKey } = await owner.mutate('createApiKey', input, 'key apiKey { id }');
    const reader = Object.assign(Object.create(owner), { headers: { authorization: `Bearer ${key}` } });
    await ends(new Watch(reader, EVENTS, variables()), () => owner.mutate('revokeApiKey', { id: apiKey.id }));
  });

  test('by losing the membership, even if nobody tells', async () => {
    const person = await signedIn(room, 'member');
    await ends(new Watch(person, EVENTS, variables()), () => {
      return room.relay.sql('delete from membership where user_id = $1', [person.userId]);
    });
  });

  test('by nobody being able to say whether it still is there, to be tried again', async () => {
    for (const unable of [
      (run: () => Promise<void>) => withoutTable(room.relay.sql, 'session', run),
      (run: () => Promise<void>) => lockedTable(room.relay.databaseUrl, 'api_key', run),
    ]) {
      const watch = new Watch(await signedIn(room, 'member'), EVENTS, variables());
      await watch.next();
      await unable(async () => {
        let closed: { code: number } | null = null;
        void watch.closed.then((event) => (closed = event));
        // A look takes a second at most; those of ten seconds in vain are enough.
        await expect.poll(() => (room.clock.advance(1_000), closed)).toMatchObject({ code: 1013 });
      });
    }
  });

  test('by the end of the session', async () => {
    const person = await signedIn(room, 'member');
    await ends(new Watch(person, EVENTS, variables()), () => {
      const past = [new Date(room.clock.now() - 1), person.sessionId];
      return room.relay.sql('update session set expires_at = $1 where id = $2', past);
    });
  });
});
