import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createJournal } from '../../server/broker/journal.ts';
import type { Journal } from '../../server/broker/journal.ts';
import type { AcceptRecord, OutcomeRecord } from '../../server/broker/records.ts';
import { systemClock } from '../../server/clock.ts';
import { UnavailableError } from '../../server/errors.ts';
import { createLog } from '../../server/log.ts';
import { createTestDatabase } from '../harness/postgres.ts';
import type { TestDatabase } from '../harness/postgres.ts';

let database: TestDatabase;
let journal: Journal;

beforeAll(async () => {
  database = await createTestDatabase();
  journal = createJournal(database.url, systemClock, createLog('silent'));
});
afterAll(async () => {
  await journal.close();
  await database.drop();
});

const accepted = (id: string): AcceptRecord => ({
  id,
  organizationId: randomUUID(),
  appId: randomUUID(),
  agentId: randomUUID(),
  agentSlug: 'agent',
  threadId: 'thread',
  status: 'pending',
  origin: 'app',
  payload: '{}',
  traceparent: null,
  idempotencyKey: null,
  handOver: true,
  resendOf: null,
  acceptedAt: Date.now(),
  errorCode: null,
  errorText: null,
});

const answered = (eventId: string, replyContent: string): OutcomeRecord => ({
  eventId,
  status: 'delivered',
  settledAt: Date.now(),
  latencyMs: 1,
  dispatchedAt: null,
  connectionId: null,
  firstTokenAt: null,
  attempts: 1,
  replyContent,
  replyMetadata: null,
  errorCode: null,
  errorText: null,
  release: null,
});

it('of two outcomes of one event in the same commit the first counts, and only it', async () => {
  const id = 'evt_0mwt4g94y0000001';
  await journal.accept(accepted(id));
  const results = await Promise.all([
    journal.settle(answered(id, '"first"')),
    journal.settle(answered(id, '"second"')),
  ]);
  expect(results).toEqual([true, false]);
});

it('an outcome that is committed stays, whatever another home of the agent commits later', async () => {
  const id = 'evt_0mwt4g94y0000002';
  await journal.accept(accepted(id));
  expect(await journal.settle(answered(id, '"first"'))).toBe(true);
  const elsewhere = createJournal(database.url, systemClock, createLog('silent'));
  expect(await elsewhere.settle(answered(id, '"second"'))).toBe(false);
  await elsewhere.close();
  expect(await stored(id)).toEqual([{ replyContent: '"first"' }]);
});

it('events are committed in the order of their ids, whoever sent them: nobody who reads on by id misses one', async () => {
  const apps = [randomUUID(), randomUUID()];
  const idOf = (n: number) => `evt_0mwt4g94y1${String(n).padStart(6, '0')}`;
  const recorded: number[] = [];
  const flood = Array.from({ length: 3_000 }, (_, n) =>
    journal.accept({ ...accepted(idOf(n)), appId: apps[n < 2_900 ? 0 : 1]! }).then(() => recorded.push(n)),
  );
  await Promise.all(flood);
  expect(recorded).toEqual(flood.map((_, n) => n));
});

it('what was accepted more than a minute ago is not written any more', async () => {
  const id = 'evt_0mwt4g94y2000001';
  const late = journal.accept({ ...accepted(id), acceptedAt: Date.now() - 60_001 });
  await expect(late).rejects.toThrow(UnavailableError);
  expect(await stored(id)).toEqual([]);
});

it('PostgreSQL gives an accept up after half a minute, also when its writer is gone', async () => {
  const id = 'evt_0mwt4g94y2000002';
  const asked = `current_setting('statement_timeout') || ' ' || current_setting('idle_in_transaction_session_timeout')`;
  await query(`create function settings() returns trigger language plpgsql as
    $$ begin new.thread_id := ${asked}; return new; end $$`);
  await query('create trigger settings before insert on event for each row execute function settings()');
  await journal.accept(accepted(id)).finally(() => query('drop function settings cascade'));
  expect(await query('select thread_id as "threadId" from event where id = $1', [id])).toEqual([
    { threadId: '30s 10s' },
  ]);
});

function stored(id: string): Promise<unknown[]> {
  return query('select reply_content as "replyContent" from event where id = $1', [id]);
}

async function query(text: string, values: unknown[] = []): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  const { rows } = await client.query<Record<string, unknown>>(text, values);
  await client.end();
  return rows;
}
