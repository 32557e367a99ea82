import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { openOrm } from '../../server/database/orm.ts';
import { lockedTable } from '../harness/outage.ts';
import { useRelay } from '../harness/room.ts';
import { globalId, signedIn } from './api.ts';

const room = useRelay();

/** As many as changes have connections. */
const CHANGES = 10;

const waiting = `from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;

test('changes that lose their connection midway take it from none of those that come after them', async () => {
  const owner = await signedIn(room, 'owner');
  const app = await room.seed.app();
  const rename = (name: string) => owner.mutate('updateApp', { id: globalId('App', app.id), name });
  await lockedTable(
    room.relay.databaseUrl,
    'app',
    async () => {
      const lost = Array.from({ length: CHANGES }, (_, n) =>
        rename(`Lost ${n}`).catch((error: unknown) => error),
      );
      await expect.poll(() => room.relay.sql(`select 1 ${waiting}`)).toHaveLength(CHANGES);
      await room.relay.sql(`select pg_terminate_backend(pid) ${waiting}`);
      for (const answer of await Promise.all(lost)) expect(answer).toBeInstanceOf(Error);
    },
    'share',
  );
  // One that is dead is taken back a second later.
  await expect
    .poll(() => rename('Kept').catch((error: unknown) => error))
    .toHaveProperty('__typename', 'UpdateAppSuccess');
});

test('a connection that is being opened does not hold up the end of all', async () => {
  const orm = await openOrm(room.relay.databaseUrl);
  const read = () => orm.em.fork().execute('select 1');
  await read();
  const pool = await orm.em.getConnection().getNativeClient();
  // The first takes the connection that is there, the second needs another.
  const reads = Promise.allSettled([read(), read()]);
  while (pool.totalCount < 2) await setImmediate();
  expect(pool.idleCount).toBe(0);
  await orm.close(true);
  expect((await reads).map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
});

test('a change that takes longer than a moment is waited for at the end', async () => {
  const orm = await openOrm(room.relay.databaseUrl);
  const slow = 'select pg_sleep(1.5)';
  const change = orm.em.fork().transactional((em) => em.execute(slow));
  await expect
    .poll(() => room.relay.sql('select 1 from pg_stat_activity where query = $1', [slow]))
    .toHaveLength(1);
  const [changed] = await Promise.allSettled([change, orm.close(true)]);
  expect(changed.status).toBe('fulfilled');
});
