import pg from 'pg';
import { expect, it } from 'vitest';
import { useRelay } from '../harness/room.ts';

const room = useRelay();

it.each(['app', 'agent'] as const)(
  'noting that an %s came takes its owner before its token, as a rotation does: neither can lock out the other',
  async (kind) => {
    const owner = await room.seed[kind]();
    const [token] = await room.relay.sql(
      `select id, ${kind}_id as owner from ${kind}_token where lookup = $1`,
      [owner.token.slice(-57, -45)],
    );
    const rotation = new pg.Client({ connectionString: room.relay.databaseUrl });
    await rotation.connect();
    try {
      await rotation.query('begin');
      await rotation.query(`select from ${kind} where id = $1 for update`, [token!['owner']]);
      await room.connect(owner);
      await waitingForLock();
      await rotation.query(`update ${kind}_token set expires_at = null where id = $1`, [token!['id']]);
      await rotation.query('commit');
    } finally {
      await rotation.end();
    }
  },
);

/** Resolves once presence waits for the row that the test holds. */
async function waitingForLock(): Promise<void> {
  const waits = `select from pg_stat_activity where application_name = 'relay-presence' and wait_event_type = 'Lock' and datname = current_database()`;
  await expect.poll(async () => (await room.relay.sql(waits)).length, { timeout: 5_000 }).toBe(1);
}

it('of several connections it is told which one last sent an event, or was given one', async () => {
  const { app, agent, ask } = await room.pair();
  await room.connect(app);
  await ask();
  room.clock.advance(5_000);
  const seen = async () => {
    const rows = await room.relay.sql(
      'select kind, last_event_at as at from connection where owner_id = any($1) order by kind, connected_at',
      [[app.id, agent.id]],
    );
    return rows.map(({ kind, at }) => [kind, at !== null]);
  };
  await expect.poll(seen).toEqual([
    ['agent', true],
    ['app', true],
    ['app', false],
  ]);
});
