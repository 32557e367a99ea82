import type { Client } from 'pg';
import { bucketOf } from '../../domain/latency.ts';
import type { OutcomeRecord, StepRecord } from '../records.ts';
import { NIL_UUID, ROLLUP_KEY, ROLLUP_MERGE } from './rollup.ts';
import { inTransaction } from './transaction.ts';

/** What the outcome writer takes: outcomes, handover marks and timeline steps share its commits. */
export type OutcomeItem =
  | { kind: 'outcome'; record: OutcomeRecord }
  | { kind: 'handover'; eventId: string; at: number }
  | { kind: 'step'; record: StepRecord };

// An outcome counts only where the event is still pending: two homes could at worst ask an agent twice, never
// record twice.
const SETTLED = `
with input as materialized (
  select * from unnest($1::text[], $2::text[], $3::timestamptz[], $4::int[], $5::timestamptz[], $6::text[], $7::timestamptz[],
    $8::smallint[], $9::text[], $10::text[], $11::text[], $12::text[], $13::smallint[])
  as t(id, status, settled_at, latency_ms, dispatched_at, connection_id, first_token_at,
    attempts, reply_content, reply_metadata, error_code, error_text, bucket)
),
settled as (
  update event e set status = i.status, settled_at = i.settled_at, latency_ms = i.latency_ms, dispatched_at = i.dispatched_at,
    connection_id = i.connection_id, first_token_at = i.first_token_at, attempts = i.attempts,
    reply_content = i.reply_content, reply_metadata = i.reply_metadata, error_code = i.error_code, error_text = i.error_text
  from input i where e.id = i.id and e.status = 'pending'
  returning e.id, e.organization_id, e.app_id, e.agent_id, i.status, i.settled_at, i.bucket
),
counted as (
  insert into rollup (${ROLLUP_KEY}, count)
  select organization_id, date_trunc('minute', settled_at), app_id, coalesce(agent_id, '${NIL_UUID}'), status, bucket, count(*)
  from settled group by 1, 2, 3, 4, 5, 6 order by 1, 2, 3, 4, 5, 6
  ${ROLLUP_MERGE}
)`;

const SETTLE = { name: 'outcome-settle', text: `${SETTLED} select id from settled` };

/** The same for what is alone in its batch, without the machinery that takes many apart. */
const SETTLE_ONE = {
  name: 'outcome-settle-one',
  text: `
with settled as (
  update event set status = $2, settled_at = $3, latency_ms = $4, dispatched_at = $5, connection_id = $6, first_token_at = $7,
    attempts = $8, reply_content = $9, reply_metadata = $10, error_code = $11, error_text = $12
  where id = $1 and status = 'pending'
  returning id, organization_id, app_id, agent_id
),
counted as (
  insert into rollup (${ROLLUP_KEY}, count)
  select organization_id, date_trunc('minute', $3::timestamptz), app_id, coalesce(agent_id, '${NIL_UUID}'), $2, $13::smallint, 1
  from settled ${ROLLUP_MERGE}
)
select id from settled`,
};

// Marks concern events settled by an earlier commit, so no row is touched twice.
const SETTLE_AND_MARK = {
  name: 'outcome-settle-and-mark',
  text: `${SETTLED},
marked as (
  update event e set handed_over_at = m.at
  from unnest($14::text[], $15::timestamptz[]) as m(id, at)
  where e.id = m.id and e.handed_over_at is null
)
select id from settled`,
};

const STEPS = {
  name: 'outcome-steps',
  text: `
insert into event_step (id, event_id, at, kind, attempt, connection_id, detail)
select * from unnest($1::uuid[], $2::text[], $3::timestamptz[], $4::text[], $5::smallint[], $6::text[], $7::text[])
on conflict do nothing`,
};

const ATTEMPTS = {
  name: 'outcome-attempts',
  text: `
update event e set attempts = i.attempts
from unnest($1::text[], $2::smallint[]) as i(id, attempts) where e.id = i.id and e.status = 'pending'`,
};

const RELEASE = {
  name: 'outcome-release',
  text: `
delete from idempotency_key k using unnest($1::uuid[], $2::text[], $3::text[]) as r(app_id, key, event_id)
where k.app_id = r.app_id and k.key = r.key and k.event_id = r.event_id`,
};

/**
 * Writes a batch in one transaction. The result of an outcome is whether it is the one that was recorded: of two for one
 * event the first, since a statement would pick either of them.
 */
export async function writeOutcomes(client: Client, batch: OutcomeItem[]): Promise<boolean[]> {
  const firsts = new Map<string, OutcomeRecord>();
  for (const item of batch) {
    if (item.kind === 'outcome' && !firsts.has(item.record.eventId))
      firsts.set(item.record.eventId, item.record);
  }
  const outcomes = [...firsts.values()];
  const marks = batch.flatMap((item) => (item.kind === 'handover' ? [item] : []));
  const steps = batch.flatMap((item) => (item.kind === 'step' ? [item.record] : []));
  const released = outcomes.filter((record) => record.release !== null);

  const settled = await (steps.length === 0 && released.length === 0
    ? settle(client, outcomes, marks)
    : inTransaction(client, async () => {
        await writeSteps(client, steps);
        const ids = await settle(client, outcomes, marks);
        await releaseKeys(client, released);
        return ids;
      }));
  return batch.map(
    (item) =>
      item.kind !== 'outcome' ||
      (settled.has(item.record.eventId) && firsts.get(item.record.eventId) === item.record),
  );
}

async function settle(
  client: Client,
  outcomes: OutcomeRecord[],
  marks: { eventId: string; at: number }[],
): Promise<Set<string>> {
  const values = [
    outcomes.map((r) => r.eventId),
    outcomes.map((r) => r.status),
    outcomes.map((r) => new Date(r.settledAt)),
    outcomes.map((r) => r.latencyMs),
    outcomes.map((r) => time(r.dispatchedAt)),
    outcomes.map((r) => r.connectionId),
    outcomes.map((r) => time(r.firstTokenAt)),
    outcomes.map((r) => r.attempts),
    outcomes.map((r) => r.replyContent),
    outcomes.map((r) => r.replyMetadata),
    outcomes.map((r) => r.errorCode),
    outcomes.map((r) => r.errorText),
    outcomes.map((r) => (r.status === 'delivered' ? bucketOf(r.latencyMs ?? 0) : -1)),
  ];
  const { rows } = await client.query<{ id: string }>(statementFor(values, marks));
  return new Set(rows.map((row) => row.id));
}

function statementFor(values: unknown[][], marks: { eventId: string; at: number }[]) {
  if (marks.length > 0) {
    const marked = [marks.map((mark) => mark.eventId), marks.map((mark) => new Date(mark.at))];
    return { ...SETTLE_AND_MARK, values: [...values, ...marked] };
  }
  if (values[0]?.length === 1) return { ...SETTLE_ONE, values: values.map(([value]) => value) };
  return { ...SETTLE, values };
}

async function writeSteps(client: Client, steps: StepRecord[]): Promise<void> {
  if (steps.length === 0) return;
  const values = [
    steps.map((s) => s.id),
    steps.map((s) => s.eventId),
    steps.map((s) => new Date(s.at)),
    steps.map((s) => s.kind),
    steps.map((s) => s.attempt),
    steps.map((s) => s.connectionId),
    steps.map((s) => s.detail),
  ];
  await client.query({ ...STEPS, values });
  const lost = steps.filter((step) => step.attempts !== null);
  if (lost.length > 0) {
    await client.query({ ...ATTEMPTS, values: [lost.map((s) => s.eventId), lost.map((s) => s.attempts)] });
  }
}

async function releaseKeys(client: Client, outcomes: OutcomeRecord[]): Promise<void> {
  if (outcomes.length === 0) return;
  const values = [
    outcomes.map((r) => r.release?.appId),
    outcomes.map((r) => r.release?.key),
    outcomes.map((r) => r.eventId),
  ];
  await client.query({ ...RELEASE, values });
}

const FIND = {
  name: 'outcome-find',
  text: `select id, status, settled_at as "settledAt" from event where id = any($1::text[]) and status <> 'pending'`,
};

/** Which outcomes are already there and are these very ones, asked after a commit whose end nobody saw. */
export async function findOutcomes(client: Client, batch: OutcomeItem[]): Promise<(boolean | null)[]> {
  const ids = batch.flatMap((item) => (item.kind === 'outcome' ? [item.record.eventId] : []));
  const { rows } = await client.query<{ id: string; status: string; settledAt: Date }>({
    ...FIND,
    values: [ids],
  });
  const byId = new Map(rows.map((row) => [row.id, row]));
  return batch.map((item) => {
    // Marks and steps may be written twice without harm.
    if (item.kind !== 'outcome') return null;
    const row = byId.get(item.record.eventId);
    if (!row) return null;
    return row.status === item.record.status && row.settledAt.getTime() === item.record.settledAt
      ? true
      : null;
  });
}

function time(ms: number | null): Date | null {
  return ms === null ? null : new Date(ms);
}
