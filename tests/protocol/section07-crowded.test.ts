import pg from 'pg';
import { expect, it } from 'vitest';
import { eventFrame, useRelay } from '../harness/room.ts';

const room = useRelay({ eventsPerMinute: 0, inFlight: 0 });
const KEPT = 1_000;
const SENT = 1_200;

it('while the database hangs no more than so many events of a connection are kept waiting; the rest is refused at once', async () => {
  const { app, agent, from } = await room.pair();
  // What the broker knows of the organisation has to be read again, and cannot.
  await room.mutate('updateApp', { id: app.globalId, name: 'Renamed' }, 'app { id }');
  const blocker = new pg.Client({ connectionString: room.relay.databaseUrl });
  await blocker.connect();
  await blocker.query('begin; lock table agent in access exclusive mode');
  for (let n = 0; n < SENT; n += 1) from.send(eventFrame(agent, { thread_id: `t${n}` }));
  for (let n = 0; n < SENT - KEPT; n += 1) {
    expect((await from.next('error')).body).toMatchObject({ code: 'UNAVAILABLE', retryable: true });
  }
  await from.settled();
  await blocker.query('rollback');
  await blocker.end();
  for (let n = 0; n < KEPT; n += 1) await from.next('accepted');
});
