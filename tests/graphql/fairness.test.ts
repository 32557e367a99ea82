import { afterEach, describe, expect, test } from 'vitest';
import { lockedTable } from '../harness/outage.ts';
import { useRelay } from '../harness/room.ts';
import type { Seed } from '../harness/seed.ts';
import type { Person } from './api.ts';
import { globalId, nobody, organizationId, otherOrganization, script, signedIn } from './api.ts';
import { closeWatches, Watch } from './live.ts';

const room = useRelay({ printCodes: true });
afterEach(closeWatches);

/** What one organization may read at once. */
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

describe('an organization that has the database busy with', () => {
  test.each([
    ['charts', 'rollup', 'stats(range: DAY) { delivered }'],
    ['searches of its agents', 'agent', 'agents(search: "a") { edges { cursor } }'],
    ['what needs attention', 'agent_token', 'attention { kind }'],
  ])('%s holds up nobody else: not their reads, sign-ins, changes or rights', async (_what, table, read) => {
    const [noisy, owner, member] = [
      await otherOrganization(room),
      await signedIn(room, 'owner'),
      await signedIn(room, 'member'),
    ];
    const id = await membershipOf(member);
    const watch = new Watch(member, EVENTS, { o: organizationId(room.seed) });
    await watch.next();
    let crowded = true;
    let ended: Promise<unknown> = Promise.resolve();
    await lockedTable(room.relay.databaseUrl, table, async () => {
      ended = crowd(noisy, read).then(() => (crowded = false));
      await expect.poll(waiting).toBeGreaterThanOrEqual(SHARE);
      const begun = performance.now();
      expect((await script(room).ask(LISTS, { s: room.seed.slug })).errors).toEqual([]);
      const code = await nobody(room).mutate('requestLoginCode', { email: member.email });
      expect(code.__typename).toBe('RequestLoginCodeSuccess');
      const removed = performance.now();
      expect((await owner.mutate('removeMember', { id })).__typename).toBe('RemoveMemberSuccess');
      expect((await watch.closed).code).toBe(4403);
      expect(performance.now() - removed).toBeLessThan(2_000);
      // A connection that is waited for in vain takes longer than this.
      expect(performance.now() - begun).toBeLessThan(5_000);
      expect(crowded).toBe(true);
    });
    await ended;
  });

  test('more than its share is told so when its turn does not come', async () => {
    const document = 'query S($s: String!) { organization(slug: $s) { stats(range: DAY) { delivered } } }';
    const ask = () => script(room).ask(document, { s: room.seed.slug });
    await lockedTable(room.relay.databaseUrl, 'rollup', async () => {
      const asked = Array.from({ length: SHARE }, ask);
      await expect.poll(waiting).toBe(SHARE);
      const late = ask();
      let answered = false;
      void late.finally(() => (answered = true));
      await expect.poll(() => (room.clock.advance(1_000), answered)).toBe(true);
      const extensions = { code: 'OVERLOADED', retryAfterSeconds: 1 };
      expect((await late).errors).toMatchObject([{ extensions }]);
      void asked;
    });
    expect((await ask()).errors).toEqual([]);
  });
});
