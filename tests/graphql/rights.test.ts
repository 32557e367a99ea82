import { Writable } from 'node:stream';
import pino from 'pino';
import { afterEach, describe, expect, test } from 'vitest';
import { createLocalBus } from '../../server/bus/local.ts';
import { createPool } from '../../server/database/pool.ts';
import type { Caller } from '../../server/domain/caller.ts';
import { createRights } from '../../server/graphql/live/rights.ts';
import { TestClock } from '../harness/clock.ts';
import { lockedTable, withoutTable } from '../harness/outage.ts';
import { useRelay } from '../harness/room.ts';
import type { Person } from './api.ts';
import { organizationId, script, signedIn } from './api.ts';
import { closeWatches, Watch } from './live.ts';

const room = useRelay();
afterEach(closeWatches);

const EVENTS = 'subscription E($o: ID!) { eventChanged(organizationId: $o) { ready } }';

/** What is read for the rights of those who watch, and not to let in a script. */
const ONLY_FOR_RIGHTS = 'session';

/** Comes back until it is let in. */
async function returns(person: Person): Promise<Watch> {
  const enter = () => new Watch(person, EVENTS, { o: organizationId(room.seed) });
  let watch = enter();
  const begun = async () => {
    const ready = await watch.next().catch(() => null);
    if (ready === null) watch = enter();
    return ready;
  };
  await expect.poll(begun).toMatchObject({ eventChanged: { ready: true } });
  return watch;
}

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
      const person = await signedIn(room, 'member');
      const watch = new Watch(person, EVENTS, variables());
      await watch.next();
      await unable(async () => {
        let closed: { code: number } | null = null;
        void watch.closed.then((event) => (closed = event));
        // A look takes a second at most; those of ten seconds in vain are enough.
        await expect.poll(() => (room.clock.advance(1_000), closed)).toMatchObject({ code: 1013 });
      });
      await returns(person);
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

describe('while nobody can say whether a right still is there', () => {
  const variables = () => ({ o: organizationId(room.seed) });
  const key = () => script(room);

  /** Looks in vain until rights are not relied on any more, which ends a watch; runs, and lets the looks succeed again. */
  async function unsure(run: (watch: Watch) => Promise<void>): Promise<void> {
    const watch = new Watch(key(), EVENTS, variables());
    await watch.next();
    await withoutTable(room.relay.sql, ONLY_FOR_RIGHTS, async () => {
      let closed = false;
      void watch.closed.then(() => (closed = true));
      await expect.poll(() => (room.clock.advance(1_000), closed)).toBe(true);
      await run(watch);
    });
  }

  test('whoever comes back is told to wait before it is let in, and is let in when somebody can', async () => {
    await unsure(async () => {
      // Also when nobody is left to look for.
      for (let n = 0; n < 3; n += 1) {
        room.clock.advance(1_000);
        const back = new Watch(key(), EVENTS, variables());
        expect((await back.closed).code).toBe(1013);
        expect(back.items).toEqual([]);
        expect(back.acknowledged).toBe(false);
      }
    });
    const back = await returns(key());
    const pair = await room.pair();
    await pair.ask();
    await back.until(({ eventChanged }) => eventChanged.event !== null);
  });

  test('a subscription over HTTP is refused, and a query is answered', async () => {
    await unsure(async () => {
      const { errors } = await key().ask(EVENTS, variables());
      expect(errors).toMatchObject([{ extensions: { code: 'UNAVAILABLE' } }]);
      expect((await key().ask('{ viewer { organizations { id } } }')).errors).toEqual([]);
    });
    await returns(key());
  });
});

async function ownerByKey(): Promise<Caller> {
  const { organizationId, key } = room.seed;
  const [row] = await room.relay.sql('select id, created_by_id from api_key where lookup = $1', [key.lookup]);
  const [apiKeyId, userId] = [String(row!['id']), String(row!['created_by_id'])];
  const roles = new Map([[organizationId, 'owner' as const]]);
  return { userId, apiKeyId, sessionId: null, scopes: null, address: null, roles };
}

test('that rights cannot be checked is said once, and once that they can', async () => {
  const [clock, lines] = [new TestClock(), [] as string[]];
  const sink = new Writable({ write: (line: Buffer, _, done) => (lines.push(String(line)), done()) });
  const log = pino({ level: 'info' }, sink);
  const bus = createLocalBus(log);
  const pool = createPool(room.relay.databaseUrl, 1, 1_000);
  const rights = createRights({ pool, clock, bus, log });
  const caller = await ownerByKey();
  const losses: string[] = [];
  const watch = () => rights.watch(caller, room.seed.organizationId, (loss) => losses.push(loss));
  watch();
  await withoutTable(room.relay.sql, ONLY_FOR_RIGHTS, async () => {
    await expect.poll(() => (clock.advance(1_000), losses)).toEqual(['unsure']);
    expect(rights.known()).toBe(false);
    for (let n = 0; n < 5; n += 1) {
      clock.advance(1_000);
      watch();
    }
    await expect.poll(() => (clock.advance(1_000), losses)).toHaveLength(6);
  });
  await expect.poll(() => (clock.advance(1_000), rights.known())).toBe(true);
  expect(lines.map((line) => (JSON.parse(line) as { msg: string }).msg)).toEqual([
    'rights cannot be checked, which is tried again',
    'rights can be checked again',
  ]);
  rights.close();
  await pool.end();
});
