import { describe, expect, test } from 'vitest';
import { lockedTable } from '../harness/outage.ts';
import { useRelay } from '../harness/room.ts';
import type { Seed } from '../harness/seed.ts';
import { otherOrganization, script } from './api.ts';

const room = useRelay();

/** Connections that people's reads share, and how many of them one organization has at once. */
const READERS = 4;
const SHARE = 2;
const inside = /select |statement|canceling|server\/|57014/i;
const LISTS = 'query L($s: String!, $from: DateTime!) { organization(slug: $s) { LIST } }';
const ask = (list: string, seed = room.seed) => {
  const from = new Date(room.clock.now() - 86_400_000).toISOString();
  return script(room, seed).ask(LISTS.replace('LIST', list), { s: seed.slug, from });
};
const search = (seed: Seed) =>
  ask('events(filter: { text: "needle", from: $from }) { edges { cursor } }', seed);

/** Ends what waits for a lock, as its timeout will: with the same code, only sooner. */
async function cancelled<T>(asked: Promise<T>): Promise<T> {
  let answered = false;
  void asked.finally(() => (answered = true));
  const waiting = `select pg_cancel_backend(pid) from pg_stat_activity
    where datname = current_database() and wait_event_type = 'Lock'`;
  await expect.poll(() => room.relay.sql(waiting).then(() => answered)).toBe(true);
  return asked;
}

describe('what takes the database too long', () => {
  test('is given up when its time is over, on every connection at once, and each of them serves the next', async () => {
    const seeds = [room.seed, await otherOrganization(room)];
    const all = (times: number) =>
      Promise.all(seeds.flatMap((seed) => Array.from({ length: times }, () => search(seed))));
    const asked = await lockedTable(room.relay.databaseUrl, 'event', () => all(SHARE));
    expect(asked).toHaveLength(READERS);
    for (const { errors, text } of asked) {
      expect(errors).toMatchObject([{ extensions: { code: 'TOO_SLOW' } }]);
      expect(text).not.toMatch(inside);
    }
    const next = await all(3 * SHARE);
    for (const { data, errors } of next) {
      expect(errors).toEqual([]);
      expect(data.organization.events.edges).toEqual([]);
    }
  }, 40_000);

  test.each([
    ['app', 'apps(search: "a") { edges { cursor } } events(filter: { from: $from }) { edges { cursor } }'],
    [
      'agent',
      'agents(search: "a") { edges { cursor } } events(filter: { from: $from }) { edges { cursor } }',
    ],
    ['audit_entry', 'auditLog(filter: { actor: "a", from: $from }) { edges { cursor } }'],
    ['rollup', 'stats(range: DAY) { delivered } events(filter: { from: $from }) { edges { cursor } }'],
  ])('is told as such when it is about %s', async (table, list) => {
    const { errors, text } = await lockedTable(room.relay.databaseUrl, table, () => cancelled(ask(list)));
    expect(errors).toMatchObject([{ extensions: { code: 'TOO_SLOW' } }]);
    expect(text).not.toMatch(inside);
    expect((await ask(list)).errors).toEqual([]);
  });
});
