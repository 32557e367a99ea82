import type { Pool } from 'pg';
import { expect, it } from 'vitest';
import { CatchUp } from '../../server/broker/catchUp.ts';
import { createPool } from '../../server/database/pool.ts';
import { createLog } from '../../server/log.ts';
import { useRelay } from '../harness/room.ts';

const room = useRelay();

/** A pool whose answers, all of them read at once, come when the test says so. */
function late(pool: Pool) {
  const answers: (() => void)[] = [];
  const query = async (config: { text: string; values: unknown[] }) => {
    const answer = await pool.query(config);
    await new Promise<void>((resolve) => answers.push(resolve));
    return answer;
  };
  const read = () => expect.poll(() => answers.length).toBeGreaterThan(0);
  return {
    pool: Object.assign(Object.create(pool) as Pool, { query }),
    /** Waits until an answer was read. */
    read,
    /** Lets the oldest answer through, and happen what follows from it. */
    async come(): Promise<void> {
      await read();
      answers.shift()?.();
      await new Promise(setImmediate);
    },
  };
}

it('a search begun for a connection that is gone does not end the one of the next connection', async () => {
  const { app, to, from, ask } = await room.pair({}, { agent: { protocols: ['relay.v1'] } });
  const { event_id } = await ask();
  await to.find('event');
  await from.kill();
  const pool = createPool(room.relay.databaseUrl, 1);
  const answers = late(pool);
  const delivered: string[] = [];
  let ready = true;
  const catchUp = new CatchUp({
    pool: answers.pool,
    clock: room.clock,
    log: createLog('silent'),
    ready: () => ready,
    deliver: ({ event }) => delivered.push(event.id) > 0,
  });
  catchUp.begin(app.id);
  await answers.read();
  catchUp.end(app.id);

  // The next connection may not be told anything yet; meanwhile an outcome comes that the first search was too early for.
  ready = false;
  catchUp.begin(app.id);
  to.send({ type: 'reply', event_id, content: 'late' });
  await to.find('recorded', { event_id });
  await answers.come();

  ready = true;
  catchUp.goOn(app.id);
  await answers.come();
  await answers.come();
  await expect.poll(() => delivered).toEqual([event_id]);
  await pool.end();
});
