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
const EVENTS = 'subscription E($o: ID!) { eventChanged(organizationId: $o) { ready } }';
const LISTS = `query L($s: String!) { organization(slug: $s) {
  apps { edges { cursor } } events { edges { cursor } } members { edges { cursor } } } }`;

/** As many reads of a locked table as an organization likes, more than there are connections; they wait for its end. */
function crowd(seed: Seed, read: string): Promise<unknown> {
  const reads = Array.from({ length: 12 }, (_, n) => `a${n}: ${read}`).join(' ');
  const document = `query C($s: String!) { organization(slug: $s) { ${reads} } }`;
  return Promise.all([1, 2, 3].map(() => script(room, seed).ask(document, { s: seed.slug })));
}

const WAITING = `select count(*)::int as count from pg_stat_activity
  where datname = current_database() and wait_event_type = 'Lock'`;
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
    const document = 'query S($s: String!) { organization(slug: $s) { stats(range: DAY) { delivered } } }';
    const ask = () => script(room).ask(document, { s: room.seed.slug });
    let asked: Promise<unknown>[] = [];
    await lockedTable(room.relay.databaseUrl, 'rollup', async () => {
      asked = Array.from({ length: SHARE }, ask);
      await expect.poll(waiting).toBe(SHARE);
      const late = ask();
      let answered = false;
      void late.finally(() => (answered = true));
      await expect.poll(() => (room.clock.advance(1_000), answered)).toBe(true);
      const extensions = { code: 'OVERLOADED', retryAfterSeconds: 1 };
      expect((await late).errors).toMatchObject([{ extensions }]);
    });
    await Promise.all(asked);
    expect((await ask()).errors).toEqual([]);
  });
});
