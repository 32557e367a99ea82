import type { Clock } from '../clock.ts';
import { connectDedicated } from '../database/dedicated.ts';
import type { Log } from '../log.ts';
import type { AcceptRecord, AcceptResult, OutcomeRecord, StepRecord } from './records.ts';
import { ACCEPT_CONNECTION, findAccepted, insertEvents } from './sql/accept.ts';
import { findOutcomes, writeOutcomes } from './sql/outcome.ts';
import type { OutcomeItem } from './sql/outcome.ts';
import { createWriter } from './writer.ts';

/** The two batched commits on an event's way. What it resolves to is committed. */
export interface Journal {
  /** Records an event, or finds the first one under its key. */
  accept(record: AcceptRecord): Promise<AcceptResult>;
  /** Takes an accept back that no batch holds yet. */
  withdraw(record: AcceptRecord): boolean;
  /** Records an outcome; false when the event already had one. Waits as long as the database is away. */
  settle(record: OutcomeRecord): Promise<boolean>;
  handedOver(eventId: string, at: number): Promise<void>;
  step(record: StepRecord): Promise<void>;
  close(): Promise<void>;
}

const BATCH = 512;
/** What was accepted longer ago is not written any more, ms: its app has long been told to try again. */
const WRITTEN_WITHIN_MS = 60_000;
/** PostgreSQL gives up what takes longer, also when its writer has gone: nothing is committed long after it was begun. */
const GIVEN_UP = [`statement_timeout = '30s'`, `idle_in_transaction_session_timeout = '10s'`];
/**
 * After this time whatever was accepted before is committed or never will be, ms: the wait for its writing, two statements
 * and the pauses around them, and a margin for nodes whose clocks differ.
 */
export const ALL_RECORDED_MS = 180_000;
/** Statements are planned once, and never as a scan of the whole table, whatever it holds at that moment. */
const PLANNED_ONCE = ['plan_cache_mode = force_generic_plan', 'enable_seqscan = off'];
/** Updates by id are nested loops over the primary key, whatever the statistics of the moment suggest. */
const NESTED_LOOPS = ['enable_hashjoin = off', 'enable_mergejoin = off'];

export function createJournal(databaseUrl: string, clock: Clock, log: Log): Journal {
  const accepts = createWriter<AcceptRecord, AcceptResult>({
    name: 'accept',
    connect: () => connectDedicated(databaseUrl, ACCEPT_CONNECTION, [...PLANNED_ONCE, ...GIVEN_UP]),
    write: (client, batch) => insertEvents(client, batch, clock.now()),
    recover: findAccepted,
    tooLate: ({ acceptedAt }) => clock.now() - acceptedAt > WRITTEN_WITHIN_MS,
    batch: BATCH,
    capacity: 10_000,
    clock,
    log,
  });
  const outcomes = createWriter<OutcomeItem, boolean>({
    name: 'outcome',
    connect: () => connectDedicated(databaseUrl, 'relay-outcome', [...PLANNED_ONCE, ...NESTED_LOOPS]),
    write: writeOutcomes,
    recover: findOutcomes,
    batch: BATCH,
    // Bounded by what is in flight; refusing an outcome would lose it.
    capacity: Number.POSITIVE_INFINITY,
    clock,
    log,
  });
  // Two events under one key must not share a statement, which would not see its own rows.
  const keys = new Map<string, Promise<unknown>>();

  /** Neither sooner nor later than one without a key: the order of calls is the order of events. */
  function acceptKeyed(record: AcceptRecord, key: string): Promise<AcceptResult> {
    const before = keys.get(key);
    const accepted = before ? before.then(() => accepts.submit(record)) : accepts.submit(record);
    const forget = () => void (keys.get(key) === done && keys.delete(key));
    const done = accepted.then(forget, forget);
    keys.set(key, done);
    return accepted;
  }

  return {
    accept: (record) =>
      record.idempotencyKey === null
        ? accepts.submit(record)
        : acceptKeyed(record, `${record.appId}:${record.idempotencyKey}`),
    withdraw: (record) => accepts.withdraw(record),
    settle: (record) => outcomes.submit({ kind: 'outcome', record }),
    handedOver: async (eventId, at) => void (await outcomes.submitLazily({ kind: 'handover', eventId, at })),
    step: async (record) => void (await outcomes.submit({ kind: 'step', record })),
    async close() {
      await accepts.close();
      await outcomes.close();
    },
  };
}
